import { describe, expect, it } from '@jest/globals';
import { isClass } from '../../src/errors.ts';
import { MemoryStore } from '../../src/store/memory.ts';
import { objectKey } from '../../src/store/object-key.ts';
import { describeObjectStore } from './conformance.ts';

const NOW = new Date('2026-11-22T08:00:00Z');
const clock = () => NOW;
const key = objectKey('a/b');
const bytes = Buffer.from('bytes');

for (const versioning of ['off', 'enabled', 'suspended'] as const) {
  for (const conditionalWrites of ['enforced', 'ignored'] as const) {
    describeObjectStore(`memory, versioning ${versioning}, conditions ${conditionalWrites}`, {
      open: async () => ({ store: new MemoryStore({ versioning, conditionalWrites, clock }), prefix: 'conformance' }),
      versioning,
      conditionalWrites,
    });
  }
}

describeObjectStore('memory, Object Lock', {
  open: async () => ({
    store: new MemoryStore({ versioning: 'enabled', objectLock: true, clock }),
    prefix: 'conformance',
  }),
  versioning: 'enabled',
  conditionalWrites: 'enforced',
  objectLock: true,
});

describe('MemoryStore', () => {
  it('ignores conditions like a store that does not know them', async () => {
    const store = new MemoryStore({ conditionalWrites: 'ignored', clock });
    await store.put(key, Buffer.from('first'), { ifAbsent: true });
    await store.put(key, bytes, { ifAbsent: true });
    expect((await store.head(key)).size).toBe(bytes.length);
  });

  it('dates objects by the clock it was given', async () => {
    let time = NOW;
    const store = new MemoryStore({ clock: () => time });
    await store.put(key, bytes);
    time = new Date('2030-01-01T00:00:00Z');
    expect((await store.head(key)).lastModified).toEqual(NOW);
    expect(store.now()).toEqual(time);
  });

  it('does not share its bytes with the caller', async () => {
    const store = new MemoryStore({ clock });
    const mine = Buffer.from('abc');
    await store.put(key, mine);
    mine.fill(0);
    const [chunk] = await Array.fromAsync((await store.get(key)).body);
    chunk?.fill(1);
    expect(Buffer.concat(await Array.fromAsync((await store.get(key)).body)).toString()).toBe('abc');
  });

  it('shows what an object was created with', async () => {
    const store = new MemoryStore({ clock });
    await store.put(key, bytes, { contentType: 'text/plain', tags: { commit: 'abc' }, ifAbsent: true });
    expect(store.attributes(key)).toEqual({ contentType: 'text/plain', tags: { commit: 'abc' } });
    const upload = await store.openUpload(key, { size: 0, partSize: 5, tags: { commit: 'def' } });
    await upload.complete({ size: 0, crc32: 0 });
    expect(store.attributes(key)).toEqual({ tags: { commit: 'def' } });
  });

  it('refuses an end of an upload that is not the sum of its parts', async () => {
    const store = new MemoryStore({ clock });
    const upload = await store.openUpload(key, { size: 5, partSize: 5 });
    await expect(upload.complete({ size: 5, crc32: 0 })).rejects.toThrow('BadDigest');
    await upload.putPart({ number: 2, bytes: new Uint8Array(), crc32: 0 });
    await expect(upload.complete({ size: 0, crc32: 0 })).rejects.toThrow('InvalidPart');
    expect(await Array.fromAsync(store.list(''))).toEqual([]);
  });

  it('names operation, key and code in its errors', async () => {
    const error = await new MemoryStore({ clock }).get(key).catch((thrown: unknown) => thrown);
    expect(isClass(error, 'not-found')).toBe(true);
    expect(error).toMatchObject({ details: { operation: 'GetObject', key: 'a/b', code: 'NoSuchKey' } });
  });
});
