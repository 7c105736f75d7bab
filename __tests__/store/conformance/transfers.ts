import { crc32 } from 'node:zlib';
import { expect, it } from '@jest/globals';
import { objectKey } from '../../../src/store/object-key.ts';
import { classOf, type NewPlace, sha256, TIMEOUT_MS } from './place.ts';

/** The smallest part S3 takes but for the last one. */
const PART_BYTES = 5 * 1024 * 1024;

export function describeStreams(place: NewPlace): void {
  it.each([
    ['of no bytes', []],
    ['of a few bytes', [3, 0, 5]],
    ['of more than a part', [PART_BYTES, 1, PART_BYTES + 7]],
  ])(
    'stores a stream %s',
    async (_, sizes) => {
      const here = place();
      const key = here.key('stream');
      const chunks = sizes.map((size, index) => Buffer.alloc(size, index + 1));
      await here.store.putStream(key, streamOf(chunks), { contentType: 'text/plain', tags: { commit: 'abc' } });
      expect(sha256(await here.bytes(key))).toBe(sha256(Buffer.concat(chunks)));
    },
    TIMEOUT_MS,
  );

  it(
    'leaves nothing of a stream that fails',
    async () => {
      const here = place();
      const broken = streamOf([Buffer.alloc(PART_BYTES), Buffer.alloc(PART_BYTES)], new Error('disk on fire'));
      await expect(here.store.putStream(here.key('stream'), broken)).rejects.toThrow('disk on fire');
      expect(await here.names()).toEqual([]);
      expect(await Array.fromAsync(here.store.listUploads(here.prefix))).toEqual([]);
    },
    TIMEOUT_MS,
  );
}

async function* streamOf(chunks: readonly Uint8Array[], failure?: Error): AsyncGenerator<Uint8Array> {
  yield* chunks;
  if (failure !== undefined) throw failure;
}

const partOf = (number: number, bytes: Uint8Array) => ({ number, bytes, crc32: crc32(bytes) });

export function describeUploads(place: NewPlace): void {
  const chunks = [Buffer.alloc(PART_BYTES, 1), Buffer.alloc(PART_BYTES, 2), Buffer.from('end')];
  const whole = Buffer.concat(chunks);
  const plan = { size: whole.length, partSize: PART_BYTES, contentType: 'text/plain', tags: { commit: 'abc' } };

  it(
    'puts parts together that come in any order, the last of a number counting',
    async () => {
      const here = place();
      const key = here.key('large');
      const upload = await here.store.openUpload(key, plan);
      await upload.putPart(partOf(2, Buffer.alloc(PART_BYTES, 9)));
      await Promise.all(chunks.map((bytes, index) => upload.putPart(partOf(index + 1, bytes))).toReversed());
      expect(await here.names()).toEqual([]);
      const { etag } = await upload.complete({ size: whole.length, crc32: crc32(whole) });
      const [listed] = await Array.fromAsync(here.store.list(here.prefix));
      expect([listed?.etag, (await here.store.head(key)).etag]).toEqual([etag, etag]);
      expect(sha256(await here.bytes(key))).toBe(sha256(whole));
      expect(await Array.fromAsync(here.store.listUploads(here.prefix))).toEqual([]);
    },
    TIMEOUT_MS,
  );

  it('lists an open upload, and forgets it when it is aborted, twice if asked', async () => {
    const here = place();
    const key = here.key('large');
    const upload = await here.store.openUpload(key, plan);
    const listed = await Array.fromAsync(here.store.listUploads(here.prefix));
    expect(listed).toEqual([{ key, uploadId: upload.uploadId, initiated: expect.any(Date) }]);
    await upload.abort();
    await upload.abort();
    await here.store.abortUpload(key, upload.uploadId);
    expect(await Array.fromAsync(here.store.listUploads(here.prefix))).toEqual([]);
    expect(await here.names()).toEqual([]);
  });

  it(
    'goes on with an upload that was left open, and sends only the parts that are not there',
    async () => {
      const here = place();
      const key = here.key('large');
      const left = await here.store.openUpload(key, plan);
      await left.putPart(partOf(1, Buffer.alloc(PART_BYTES, 1)));
      await left.putPart(partOf(2, Buffer.alloc(PART_BYTES, 9)));
      const open = await here.store.listParts(key, left.uploadId);
      expect([...open.parts].map(([number, { size }]) => [number, size])).toEqual([
        [1, PART_BYTES],
        [2, PART_BYTES],
      ]);
      const kept: number[] = [];
      const resumed = { ...open, onKept: (bytes: number) => void kept.push(bytes) };
      const upload = await here.store.openUpload(key, { ...plan, resumed });
      for (const [index, bytes] of chunks.entries()) await upload.putPart(partOf(index + 1, bytes));
      expect(kept).toEqual([PART_BYTES]);
      await upload.complete({ size: whole.length, crc32: crc32(whole) });
      expect(sha256(await here.bytes(key))).toBe(sha256(whole));
      expect(await classOf(here.store.listParts(key, left.uploadId))).toBe('not-found');
    },
    TIMEOUT_MS,
  );

  it('aborts an upload of which only the listing is known', async () => {
    const here = place();
    await here.store.openUpload(here.key('one'), plan);
    await here.store.openUpload(here.key('two'), plan);
    for await (const { key, uploadId } of here.store.listUploads(`${here.prefix}one`)) {
      await here.store.abortUpload(objectKey(key), uploadId);
    }
    const left = await Array.fromAsync(here.store.listUploads(here.prefix));
    expect(left.map(({ key }) => key)).toEqual([here.key('two')]);
  });

  it('takes no part and no end for an upload that is gone', async () => {
    const here = place();
    const upload = await here.store.openUpload(here.key('large'), plan);
    await upload.abort();
    expect(await classOf(upload.putPart(partOf(1, whole)))).toBe('not-found');
    expect(await classOf(upload.complete({ size: whole.length, crc32: crc32(whole) }))).not.toBe('no error');
    expect(await here.names()).toEqual([]);
  });

  it('refuses a part whose bytes are not those of the checksum', async () => {
    const here = place();
    const upload = await here.store.openUpload(here.key('large'), plan);
    await expect(upload.putPart({ number: 1, bytes: Buffer.from('other'), crc32: 1 })).rejects.toThrow();
    await upload.abort();
  });
}
