import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { findHeld } from '../../src/transfer/find-held.ts';
import { KnownContents } from '../../src/transfer/known-content.ts';
import { fileEntry } from '../series/series-fixture.ts';
import { bytesFor, contextFor, MIB, RecordingStore, sha256Of, Workspace, watchReads } from './transfer-fixture.ts';

const SIZE = 1.5 * MIB;
const content = bytesFor(SIZE);
const held = fileEntry('elsewhere', { size: SIZE, sha256: sha256Of(content), key: 'data/old/files/elsewhere' });

let workspace: Workspace;
let directory: string;
let known: KnownContents;
beforeEach(async () => {
  workspace = await Workspace.create();
  directory = await mkdtemp(join(tmpdir(), 'find-held-'));
  known = await KnownContents.create({ directory, expected: 1, largeBytes: MIB, isUsable: () => true });
});
afterEach(async () => {
  await known.close();
  await rm(directory, { recursive: true });
  await workspace[Symbol.asyncDispose]();
});

async function find(bytes: Buffer) {
  const file = await workspace.file('a', bytes);
  await using watch = await watchReads();
  const found = await findHeld(file, undefined, contextFor(new RecordingStore(), { known }));
  return { found, read: watch.reads.reduce((sum, one) => sum + one.bytes, 0) };
}

describe('findHeld', () => {
  it('reads nothing where the base has no file of that size', async () => {
    expect(await find(content)).toEqual({ found: undefined, read: 0 });
  });

  it('finds what the base has under another path, by reading it once', async () => {
    await known.addBase(held);
    const { found, read } = await find(content);
    expect(found).toMatchObject({ read: { sha256: held.sha256, size: SIZE }, location: { key: held.key } });
    expect(read).toBe(SIZE);
  });

  it('finds nothing in another of that size', async () => {
    await known.addBase(held);
    expect(await find(Buffer.alloc(SIZE, 'x'))).toEqual({ found: undefined, read: SIZE });
  });
});
