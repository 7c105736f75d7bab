import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type Change, compareEntries, type Difference } from '../../src/series/difference.ts';
import { comparePaths } from '../../src/series/entry-line.ts';
import type { Entry } from '../../src/series/model.ts';
import { asyncOf, fileEntry, ID } from './series-fixture.ts';

const compare = (old: Iterable<Entry>, now: Iterable<Entry>) =>
  compareEntries({ id: ID, number: 42, entries: asyncOf(old) }, asyncOf(now));

const NONE = { count: 0, bytes: 0, examples: [] };
const SAME = { againstId: ID, againstNumber: 42, added: NONE, changed: NONE, removed: NONE };

const digest = fc.constantFrom('0', '1').map((digit) => digit.repeat(64));
const mode = fc.constantFrom('0644', '0755');
const mtime = '2026-11-22T08:00:00Z';
/** Everything of an entry but its path. */
const content: fc.Arbitrary<(path: string) => Entry> = fc.oneof(
  fc.record({ size: fc.nat(9), sha256: digest, mode }).map((fields) => (path: string) => fileEntry(path, fields)),
  fc.constantFrom('x', 'y').map((target) => (path: string) => ({ type: 'symlink' as const, path, mtime, target })),
  mode.map((bits) => (path: string) => ({ type: 'directory' as const, path, mtime, mode: bits })),
);
const path = fc.string({ unit: fc.constantFrom('a', 'b', '/', '\uffff', '🦊'), minLength: 1, maxLength: 3 });

/** A sorted index; few different paths and contents, so that all cases happen often. */
const anyIndex = fc
  .uniqueArray(fc.tuple(path, content), { selector: ([name]) => name, maxLength: 30 })
  .map((items) => items.map(([name, entryAt]) => entryAt(name)).sort((a, b) => comparePaths(a.path, b.path)));

/** The same by sets, with everything in memory. */
function naive(old: readonly Entry[], now: readonly Entry[]): Omit<Difference, 'againstId' | 'againstNumber'> {
  const before = new Map(old.map((entry) => [entry.path, entry]));
  const after = new Set(now.map((entry) => entry.path));
  const identity = (entry: Entry | undefined) => JSON.stringify({ ...entry, size: 0, mtime: '', key: '' });
  const sample = (entries: readonly Entry[]) => ({
    count: entries.length,
    bytes: entries.reduce((sum, entry) => sum + (entry.type === 'file' ? entry.size : 0), 0),
    examples: entries.slice(0, 20).map((entry) => entry.path),
  });
  const common = now.filter((entry) => before.has(entry.path));
  const isSame = (entry: Entry) => identity(entry) === identity(before.get(entry.path));
  const { count, bytes } = sample(common.filter(isSame));
  return {
    added: sample(now.filter((entry) => !before.has(entry.path))),
    changed: sample(common.filter((entry) => !isSame(entry))),
    removed: sample(old.filter((entry) => !after.has(entry.path))),
    unchanged: { count, bytes },
  };
}

describe('compareEntries', () => {
  it('counts what sets would', async () => {
    await fc.assert(
      fc.asyncProperty(anyIndex, anyIndex, async (old, now) => {
        expect(await compare(old, now)).toEqual({ againstId: ID, againstNumber: 42, ...naive(old, now) });
      }),
      { numRuns: 500 },
    );
  });

  it('finds no difference between an index and itself', async () => {
    await fc.assert(
      fc.asyncProperty(anyIndex, async (index) => {
        expect(await compare(index, index)).toMatchObject({ ...SAME, unchanged: { count: index.length } });
      }),
    );
  });

  it('takes a new mtime, key or place in the store for no change', async () => {
    const now = fileEntry('a', { mtime: '2030-01-01T00:00:00Z', key: 'data/other/files/a' });
    expect(await compare([fileEntry('a')], [now])).toEqual({ ...SAME, unchanged: { count: 1, bytes: 5 } });
  });

  const FILE = fileEntry('a');
  it.each<[string, Entry, Entry]>([
    ['content', FILE, fileEntry('a', { sha256: 'f'.repeat(64) })],
    ['mode', FILE, fileEntry('a', { mode: '0755' })],
    ['kind', FILE, { path: 'a', mtime, type: 'directory', mode: '0644' }],
    ['target', { path: 'a', mtime, type: 'symlink', target: 'x' }, { path: 'a', mtime, type: 'symlink', target: 'y' }],
  ])('counts an entry with another %s as changed', async (_what, old, now) => {
    expect(await compare([old], [now])).toMatchObject({
      changed: { count: 1, examples: ['a'] },
      unchanged: { count: 0 },
    });
  });

  it('counts the bytes of the new state, and of the old one for what was removed', async () => {
    const old = [fileEntry('a', { size: 1 }), fileEntry('b', { size: 10, sha256: '1'.repeat(64) })];
    const now = [fileEntry('b', { size: 100 }), fileEntry('c', { size: 1000 })];
    expect(await compare(old, now)).toMatchObject({
      removed: { bytes: 1 },
      changed: { bytes: 100 },
      added: { bytes: 1000 },
    });
  });

  it('names the first twenty and counts all', async () => {
    const paths = Array.from({ length: 30 }, (_, index) => `f${String(index).padStart(2, '0')}`);
    const { added } = await compare(
      [],
      paths.map((each) => fileEntry(each)),
    );
    expect(added).toEqual({ count: 30, bytes: 150, examples: paths.slice(0, 20) });
  });

  it('closes both sides when one of them fails', async () => {
    const closed: string[] = [];
    async function* side(of: string, fails: boolean) {
      try {
        yield fileEntry('a');
        if (fails) throw new Error('damaged');
        yield fileEntry('b');
      } finally {
        closed.push(of);
      }
    }
    const before = { id: ID, number: 42, entries: side('before', true) };
    await expect(compareEntries(before, side('after', false))).rejects.toThrow('damaged');
    expect(closed.sort()).toEqual(['after', 'before']);
  });
});

it('tells of every path that differs, in order, where someone listens', async () => {
  const [same, old, now, gone, fresh] = [
    fileEntry('a'),
    fileEntry('b'),
    fileEntry('b', { mode: '0755' }),
    fileEntry('c'),
    fileEntry('d'),
  ];
  const changes: Change[] = [];
  await compareEntries(
    { id: ID, number: 42, entries: asyncOf([same, old, gone]) },
    asyncOf([same, now, fresh]),
    async (c) => {
      changes.push(c);
    },
  );
  expect(changes).toEqual([
    { kind: 'changed', path: 'b', before: old, after: now },
    { kind: 'removed', path: 'c', before: gone },
    { kind: 'added', path: 'd', after: fresh },
  ]);
});
