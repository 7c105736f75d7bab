import { lstat, readdir, readFile, writeFile } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import { claimOf } from '../../src/pack/member-claim.ts';
import { ThreadedUnpacking, type UnpackEngine, Unpacking } from '../../src/restoration/unpack-engine.ts';
import type { PackedWrite } from '../../src/restoration/unpack-slice.ts';
import { PackFixture } from '../pack/pack-fixture.ts';
import { failure } from '../series/series-fixture.ts';
import { Scratch } from './scratch.ts';

const ENGINES: readonly [string, () => UnpackEngine][] = [
  ['this thread', () => new Unpacking().engineFor(1)],
  ['other threads', () => new ThreadedUnpacking(2)],
];

function slicesIn(scratch: Scratch) {
  const fixture = new PackFixture('data/x/packs/0001.tar.zst');
  for (let frame = 0; frame < 4; frame++) {
    for (const name of ['a', 'b']) fixture.add(`${name}${frame}`, `${name} of ${frame}`, { mode: '0640' });
    fixture.close();
  }
  const bytes = fixture.bytes();
  const groups = Map.groupBy(fixture.entries, ({ slice }) => slice?.offset ?? 0);
  return [...groups].map(([offset, entries]) => ({
    bytes: bytes.subarray(offset, offset + (entries[0]?.slice?.bytes ?? 0)),
    writes: entries.map((entry): PackedWrite => {
      const slice = entry.slice ?? { offset: 0, bytes: 0, skip: 0 };
      return {
        claim: claimOf(entry, slice, true),
        place: { path: scratch.at(entry.path), mayReplace: false, naming: 'by-name' },
        entry,
      };
    }),
  }));
}

describe.each(ENGINES)('unpacking in %s', (_, start) => {
  it('writes every file of every slice, with mode and time', async () => {
    await using scratch = await Scratch.create();
    const engine = start();
    const slices = slicesIn(scratch);
    const outcomes = await Promise.all(slices.map(({ bytes, writes }) => engine.unpack(bytes, writes)));
    await engine.close();
    expect(outcomes).toEqual([undefined, undefined, undefined, undefined]);
    expect((await readdir(scratch.path)).toSorted()).toEqual(['a0', 'a1', 'a2', 'a3', 'b0', 'b1', 'b2', 'b3']);
    expect(await readFile(scratch.at('b3'), 'utf8')).toBe('b of 3');
    const { mode, mtime } = await lstat(scratch.at('b3'));
    expect([mode & 0o7777, mtime]).toEqual([0o640, new Date('2026-11-22T08:00:00Z')]);
  });

  it('writes nothing of a slice in which one member is not what the index says', async () => {
    await using scratch = await Scratch.create();
    const engine = start();
    const [slice] = slicesIn(scratch);
    const [a, b] = slice?.writes ?? [];
    if (slice === undefined || a === undefined || b === undefined) throw new Error('There are two.');
    const lying = { ...b, claim: { ...b.claim, sha256: 'f'.repeat(64) } };
    const damage = await engine.unpack(slice.bytes, [a, lying]);
    await engine.close();
    expect(damage).toMatchObject({
      path: 'b0',
      problem: { message: expect.stringMatching(/^its content has SHA-256/) },
    });
    expect(await readdir(scratch.path)).toEqual([]);
  });

  it('names the place where the disk refuses it, and replaces nothing that came into being', async () => {
    await using scratch = await Scratch.create();
    const engine = start();
    const [slice] = slicesIn(scratch);
    await writeFile(scratch.at('b0'), 'mine');
    await expect(engine.unpack(slice?.bytes ?? Buffer.alloc(0), slice?.writes ?? [])).rejects.toEqual(
      failure('local', /^Could not write ".*b0" \(EEXIST\): it has come into being/, { key: scratch.at('b0') }),
    );
    await engine.close();
    expect(await readFile(scratch.at('b0'), 'utf8')).toBe('mine');
    expect((await readdir(scratch.path)).toSorted()).toEqual(['a0', 'b0']);
  });
});

describe('the engine of a restore', () => {
  it.each<[string, number, number, boolean]>([
    ['this thread for few files', 0, 500, false],
    ['threads for many', 0, 501, true],
    ['the threads that were started for many, also where fewer came of it', 501, 1, true],
    ['no threads where few were expected', 500, 500, false],
  ])('is %s', async (_, expected, files, isThreaded) => {
    await using unpacking = new Unpacking();
    unpacking.expect(expected);
    const engine = unpacking.engineFor(files);
    expect(engine instanceof ThreadedUnpacking).toBe(isThreaded);
    expect(unpacking.engineFor(files)).toBe(engine);
  });
});

it('a restore leaves no thread behind', async () => {
  let engine: UnpackEngine | undefined;
  {
    await using unpacking = new Unpacking();
    engine = unpacking.engineFor(501);
  }
  await expect(engine.unpack(Buffer.alloc(0), [])).rejects.toEqual(failure('local', /thread that unpacks/));
  await using unused = new Unpacking();
  unused.expect(0);
});

it('a thread that ends fails what it was asked, and what it is asked after that', async () => {
  const engine = new ThreadedUnpacking(1);
  await engine.close();
  await expect(engine.unpack(Buffer.alloc(0), [])).rejects.toEqual(
    failure('local', /thread that unpacks files failed/),
  );
});
