import { randomBytes } from 'node:crypto';
import { readdir, rm } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { EarlierAttempts } from '../../src/transfer/earlier-attempts.ts';
import { GrowingObject } from '../../src/transfer/growing-object.ts';
import { HeldObject } from '../../src/transfer/held-object.ts';
import { Lanes } from '../../src/transfer/lanes.ts';
import { reservedBuffers } from '../../src/transfer/part-buffers.ts';
import { failure, ID, KEYS, stored } from '../series/series-fixture.ts';
import { contextFor, MIB, RecordingStore, sha256Of, Workspace } from './transfer-fixture.ts';

const EARLIER = KEYS.pack(ID, 1);
const KEY = KEYS.pack(ID, 1, 2);
const BYTES = randomBytes(2.5 * MIB);

let workspace: Workspace;
beforeEach(async () => {
  workspace = await Workspace.create();
});
afterEach(() => workspace[Symbol.asyncDispose]());

/** A pack that may be the one of an earlier attempt. */
async function begin(earlierBytes: Buffer, limit = BYTES.byteLength) {
  const store = new RecordingStore();
  const lanes = new Lanes(2, MIB, 8 * MIB);
  const context = contextFor(store, { lanes });
  const attributes = { contentType: 'application/zstd' };
  const buffers = reservedBuffers(lanes, MIB, 2);
  const left = new GrowingObject({ key: EARLIER, attributes, buffers }, context);
  await left.append(earlierBytes, 0);
  await left.close();
  for (const noted of [store.events, context.sent, context.reused]) noted.length = 0;
  const { log } = context;
  const earlier = await EarlierAttempts.read(store, { keys: KEYS, id: ID, directory: workspace.directory, log });
  const target = { key: KEY, attributes, buffers, earlier, limit };
  return { store, context, earlier, target, object: new HeldObject(target, context) };
}

async function append(object: HeldObject, bytes: Buffer): Promise<void> {
  for (let position = 0; position < bytes.byteLength; position += 700_000) {
    await object.append(bytes.subarray(position, position + 700_000), 1);
  }
}

const filesOnDisk = async () => (await readdir(workspace.directory)).filter((name) => name.startsWith('held-'));

describe('HeldObject', () => {
  it.each([
    ['fits in one request', BYTES.subarray(0, MIB)],
    ['takes parts', BYTES],
  ])(
    'is the one of an earlier attempt where that is the same, and sends nothing: one that %s',
    async (_which, bytes) => {
      const { store, context, earlier, object } = await begin(bytes);
      await append(object, bytes);
      expect(object.bytes).toBe(bytes.byteLength);
      expect(await filesOnDisk()).toHaveLength(1);
      expect(await object.close()).toMatchObject({ key: EARLIER, bytes: bytes.byteLength, sha256: sha256Of(bytes) });
      expect(store.summary).toEqual([]);
      expect([context.sent, context.reused]).toEqual([[], [Math.ceil(bytes.byteLength / 700_000)]]);
      expect(earlier.reusedBytes).toBe(bytes.byteLength);
      expect(await filesOnDisk()).toEqual([]);
      await earlier.close();
    },
  );

  it('is sent from disk where its end shows that it is another', async () => {
    const other = Buffer.concat([BYTES.subarray(1), BYTES.subarray(0, 1)]);
    const { store, earlier, object } = await begin(other);
    await append(object, BYTES);
    expect(store.summary).toEqual([]);
    expect(await object.close()).toMatchObject({ key: KEY, bytes: BYTES.byteLength, sha256: sha256Of(BYTES) });
    expect(store.summary.filter((what) => what.startsWith('part'))).toHaveLength(3);
    expect((await stored(store, KEY)).equals(BYTES)).toBe(true);
    expect((await stored(store, EARLIER)).equals(other)).toBe(true);
    expect([earlier.reusedBytes, await filesOnDisk()]).toEqual([0, []]);
    await earlier.close();
  });

  it('is held no longer than it may be one that is there', async () => {
    const { store, earlier, object } = await begin(BYTES.subarray(0, MIB), MIB);
    await append(object, BYTES);
    expect(store.summary).toContain('part 1');
    expect(await filesOnDisk()).toEqual([]);
    expect(object.bytes).toBe(BYTES.byteLength);
    expect(await object.close()).toMatchObject({ key: KEY, sha256: sha256Of(BYTES) });
    expect((await stored(store, KEY)).equals(BYTES)).toBe(true);
    await earlier.close();
  });

  it.each([
    ['held', BYTES.byteLength],
    ['on its way', MIB],
  ])('leaves nothing behind when it is abandoned while it is %s', async (_where, limit) => {
    const { store, earlier, object } = await begin(BYTES.subarray(0, MIB), limit);
    await append(object, BYTES);
    await object.abandon();
    expect([await store.openUploads(), await filesOnDisk()]).toEqual([0, []]);
    expect(await Array.fromAsync(store.list(''), ({ key }) => key)).toEqual([EARLIER]);
    await earlier.close();
  });

  it('names the temporary file where the disk does not take it', async () => {
    const { earlier, target, context, object: other } = await begin(BYTES);
    await Promise.all([earlier.close(), other.abandon()]);
    await rm(workspace.directory, { recursive: true });
    const object = new HeldObject(target, context);
    await expect(object.append(BYTES, 1)).rejects.toEqual(
      failure('local', /^The temporary file ".*held-.*" cannot be used: .*ENOENT/, {
        operation: 'write temporary file',
        code: 'ENOENT',
        hint: expect.stringContaining('free space'),
      }),
    );
    await object.abandon();
  });
});
