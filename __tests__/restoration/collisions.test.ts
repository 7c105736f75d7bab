import { describe, expect, it } from '@jest/globals';
import { collisionKey, type FileSystemTraits } from '../../src/restoration/collision-key.ts';
import { withoutCollisions } from '../../src/restoration/collisions.ts';
import type { Placed } from '../../src/restoration/types.ts';
import { directory, file, type Planted, symlink } from '../commands/restore/scene.ts';
import { asyncOf, failure } from '../series/series-fixture.ts';

const TELLS_APART: FileSystemTraits = { ignoresCase: false, ignoresForm: false };
const FORGIVING: FileSystemTraits = { ignoresCase: true, ignoresForm: true };

async function through(items: readonly Planted[], traits = TELLS_APART): Promise<string[]> {
  const placed = items.map(({ entry }): Placed => ({ entry, path: entry.path, key: collisionKey(entry.path, traits) }));
  placed.sort((a, b) => (a.key < b.key ? -1 : Number(a.key > b.key)));
  return Array.fromAsync(withoutCollisions(asyncOf(placed)), ({ path }) => path);
}

describe('withoutCollisions', () => {
  it('passes on what can stand side by side, a path before all below it', async () => {
    const items = [file('a!'), file('a/b'), directory('a'), file('A'), file('\u00e9'), file('e\u0301')];
    expect(await through(items)).toEqual(['A', 'a', 'a/b', 'a!', 'e\u0301', '\u00e9']);
  });

  it.each([
    ['case', 'read.me', 'READ.me'],
    ['case of a directory', 'Docs/a', 'docs/A'],
    ['form', '\u00e9', 'e\u0301'],
    ['sharp s', 'stra\u00dfe', 'strasse'],
  ])('stops at two names that are one: %s', async (_, a, b) => {
    await expect(through([file(a), file(b)], FORGIVING)).rejects.toEqual(
      failure('permanent', /in the target it would be the same as/),
    );
    expect(await through([file(a), file(b)])).toHaveLength(2);
  });

  it.each([
    ['a file', file('X', 'x')],
    ['a link', symlink('X', 'elsewhere')],
  ])('stops at %s that would have to be a directory', async (_, leaf) => {
    const items = [leaf, file('x!'), file('x/a')];
    await expect(through(items, FORGIVING)).rejects.toEqual(
      failure('permanent', /"x\/a" is not restored: "X" would have to be a directory/),
    );
  });
});
