import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { snapshot } from '../e2e/compare-trees.ts';
import { failure } from '../series/series-fixture.ts';
import { type FileRead, watchReads } from '../transfer/transfer-fixture.ts';
import { type Asked, FaultWorld, PART_BYTES } from './fault-world.ts';
import { count } from './ledger.ts';
import { expectWhole } from './reference.ts';

let world: FaultWorld;
beforeAll(async () => {
  world = await FaultWorld.start();
});
afterAll(() => world[Symbol.asyncDispose]());

/** As a disk with a bad sector, or a network drive that is gone. */
const failFrom = (from: number) => (read: FileRead) => {
  if (read.position + read.bytes <= from) return;
  throw Object.assign(new Error('EIO: i/o error, read'), { code: 'EIO', errno: -5, syscall: 'read' });
};

async function unreadable(from: number, run: () => Promise<unknown>): Promise<unknown> {
  await using _watch = await watchReads(failFrom(from));
  return await run();
}

const LARGE = 3 * PART_BYTES;

describe('a file that becomes unreadable while it is read', () => {
  it.each<[string, number, number, Asked]>([
    ['at its start', LARGE, 0, {}],
    ['after its first part is sent', LARGE, PART_BYTES, {}],
    ['in its last bytes', LARGE, LARGE - 1, {}],
    ['and goes in one request', 300_000, 0, {}],
    ['and goes into a pack', LARGE, LARGE - 1, { layout: 'archive' }],
  ])('%s ends the backup in an error that names it, and nothing is half there', async (where, size, from, asked) => {
    const bucket = world.bucket();
    const before = await world.tree({ 'a.txt': 'zero' });
    await world.backup(bucket, before);
    const state = await world.state(bucket);
    const root = await world.tree({ 'a.txt': 'one', 'bad.bin': randomBytes(size), 'z.txt': 'last' });
    const start = { bucket, root, tree: await snapshot(root), before: [await snapshot(before)] };
    await expect(unreadable(from, () => world.backup(bucket, root, { ...asked, runAfter: 1 }))).rejects.toEqual(
      failure('local', `The file "${root}/bad.bin" cannot be read: EIO: i/o error, read.`, {
        operation: 'read file',
        key: `${root}/bad.bin`,
        code: 'EIO',
        hint: expect.stringContaining('exclude the file'),
      }),
    );
    expect(world.server.admin.listUploads(bucket)).toEqual([]);
    const after = await world.state(bucket);
    expect(after).toMatchObject(state);
    expect(Object.keys(after).filter((key) => key.includes('/versions/'))).toHaveLength(1);
    await world.backup(bucket, root, { ...asked, runAfter: 2 });
    await expectWhole(world, bucket, start);
    count(`a file that becomes unreadable ${where}`, 1);
  });
});
