import { createHash, randomBytes } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { BackupError } from '../../src/errors.ts';
import { GrowingObject } from '../../src/transfer/growing-object.ts';
import { Lanes } from '../../src/transfer/lanes.ts';
import { growingBuffers, leasedBuffers, reservedBuffers } from '../../src/transfer/part-buffers.ts';
import { ID, KEYS, stored } from '../series/series-fixture.ts';
import { contextFor, MIB, RecordingStore, sha256Of } from './transfer-fixture.ts';

const KEY = KEYS.pack(ID, 1);
const buffersOf = { reserved: (lanes: Lanes, size: number) => reservedBuffers(lanes, size, 2), leased: leasedBuffers };

const md5Of = (bytes: Uint8Array) => createHash('md5').update(bytes).digest('hex');

describe.each(['reserved', 'leased'] as const)('GrowingObject with %s buffers', (kind) => {
  function begin(store: RecordingStore, lanes = new Lanes(2, MIB, 4 * MIB)) {
    const context = contextFor(store, { lanes });
    const target = { key: KEY, attributes: { contentType: 'application/zstd' }, buffers: buffersOf[kind](lanes, MIB) };
    return { object: new GrowingObject(target, context), context };
  }

  it('stores what fits in a part by one request', async () => {
    const store = new RecordingStore();
    const { object, context } = begin(store);
    const bytes = randomBytes(MIB);
    await object.append(bytes.subarray(0, 10), 5);
    await object.append(bytes.subarray(10), 7);
    expect(await object.close()).toEqual({
      key: KEY,
      bytes: MIB,
      sha256: sha256Of(bytes),
      receipt: { md5: md5Of(bytes) },
    });
    expect(store.summary).toEqual(['put']);
    expect(context.sent).toEqual([MIB]);
    expect((await stored(store, KEY)).equals(bytes)).toBe(true);
  });

  it('stores more in parts, each of which is sent again from memory where it failed', async () => {
    const store = new RecordingStore({
      part: (_, attempt) => {
        if (attempt === 1) throw new BackupError('broken pipe', { class: 'transient' });
      },
    });
    const { object } = begin(store);
    const bytes = randomBytes(9 * MIB + 3);
    for (let position = 0; position < bytes.byteLength; position += 700_000) {
      await object.append(bytes.subarray(position, position + 700_000), 1);
    }
    expect(await object.close()).toEqual({
      key: KEY,
      bytes: bytes.byteLength,
      sha256: sha256Of(bytes),
      receipt: { md5: md5Of(bytes), crc32: crc32(bytes).toString(16).padStart(8, '0') },
    });
    expect((await stored(store, KEY)).equals(bytes)).toBe(true);
    expect(store.summary.filter((what) => what.startsWith('part'))).toHaveLength(20);
  });

  it('hands on the failure of a part, and leaves nothing once it is abandoned', async () => {
    const store = new RecordingStore({
      part: () => {
        throw new BackupError('no', { class: 'permanent' });
      },
    });
    const { object } = begin(store);
    const growing = (async () => {
      for (let number = 0; number < 20; number++) await object.append(randomBytes(MIB), 1);
      await object.close();
    })();
    await expect(growing).rejects.toThrow('no');
    await object.abandon();
    expect(await store.openUploads()).toBe(0);
  });

  it('gives back its memory when it is abandoned half filled', async () => {
    const lanes = new Lanes(2, MIB, MIB);
    const { object } = begin(new RecordingStore(), lanes);
    await object.append(randomBytes(10), 1);
    await object.abandon();
    expect(await lanes.withBuffer(MIB, async (buffer) => buffer.byteLength)).toBe(MIB);
  });
});

describe('GrowingObject of unknown length', () => {
  function begin(sizeOf: (number: number) => number) {
    const store = new RecordingStore();
    const lanes = new Lanes(2, MIB, 8 * MIB);
    const target = { key: KEY, attributes: {}, buffers: growingBuffers(lanes, sizeOf) };
    return { store, object: new GrowingObject(target, contextFor(store, { lanes })) };
  }

  it('grows its parts', async () => {
    const { store, object } = begin((number) => (number <= 2 ? MIB : 2 * MIB));
    const bytes = randomBytes(5 * MIB + 1);
    await object.append(bytes, bytes.length);
    await object.close();
    expect((await stored(store, KEY)).equals(bytes)).toBe(true);
    const parts = store.events.flatMap((event) => (event.what === 'part' ? [event.bytes] : []));
    expect(parts.toSorted()).toEqual([MIB, MIB, 2 * MIB, MIB + 1].toSorted());
  });

  it('ends at 10,000 parts with a sentence', async () => {
    const { object } = begin(() => 16);
    const growing = object.append(randomBytes(16 * 10_001), 1).then(() => object.close());
    await expect(growing).rejects.toMatchObject({
      message: expect.stringContaining('longer than 10000 parts hold'),
      details: { class: 'local', hint: expect.stringContaining('`part-size`') },
    });
    await object.abandon();
  });

  it('knows its digest, and whether it is still unsent, before it is closed', async () => {
    const { object } = begin(() => MIB);
    await object.append(Buffer.alloc(MIB), MIB);
    expect({ isUnsent: object.isUnsent, sha256: object.sha256 }).toEqual({
      isUnsent: true,
      sha256: sha256Of(Buffer.alloc(MIB)),
    });
    await object.append(Buffer.alloc(1), 1);
    expect(object.isUnsent).toBe(false);
    await object.abandon();
  });
});
