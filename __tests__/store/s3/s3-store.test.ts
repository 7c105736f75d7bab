import { hash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { PutObjectLegalHoldCommand, PutObjectRetentionCommand } from '@aws-sdk/client-s3';
import { describe, expect, it, jest } from '@jest/globals';
import { type ObjectKey, objectKey } from '../../../src/store/object-key.ts';
import type { ObjectStore } from '../../../src/store/object-store.ts';
import { s3Client } from '../../dev/s3-server/integration/support.ts';
import { bytesOf, failure, stored } from '../../series/series-fixture.ts';
import { sha256 } from '../conformance/place.ts';
import { describeObjectStore } from '../conformance.ts';
import { BUCKET, fill, openBench, warned } from './bench.ts';

for (const versioning of ['off', 'enabled'] as const) {
  describeObjectStore(`S3, versioning ${versioning}`, {
    versioning,
    conditionalWrites: 'enforced',
    async open() {
      const { store, close } = await openBench({ versioning: versioning === 'enabled' });
      return { store, prefix: 'conformance', close };
    },
  });
}

describeObjectStore('S3, Object Lock', {
  versioning: 'enabled',
  conditionalWrites: 'enforced',
  objectLock: true,
  async open() {
    const { store, close } = await openBench({ objectLock: true });
    return { store, prefix: 'conformance', close };
  },
});

const PART_BYTES = 5 * 1024 * 1024;
const TAGS = { team: 'core' };

async function uploadInParts(store: ObjectStore, key: ObjectKey, bytes: Buffer) {
  const upload = await store.openUpload(key, { size: bytes.length, partSize: PART_BYTES, tags: TAGS });
  for (let number = 1; (number - 1) * PART_BYTES < bytes.length; number += 1) {
    const part = bytes.subarray((number - 1) * PART_BYTES, number * PART_BYTES);
    await upload.putPart({ number, bytes: part, crc32: crc32(part) });
  }
  return upload.complete({ size: bytes.length, crc32: crc32(bytes) });
}

describe('S3Store: trouble on the way', () => {
  const LARGE = Buffer.alloc(PART_BYTES + 1000, 'versions ');
  const key = objectKey('large');

  it('ends well when the reply of a completion is lost', async () => {
    await using bench = await openBench({ versioning: true });
    bench.server.faults.add({
      match: { operation: 'CompleteMultipartUpload' },
      when: 'after',
      action: { type: 'reset' },
    });
    const done = await uploadInParts(bench.store, key, LARGE);
    expect(bench.server.faults.unfired()).toEqual([]);
    const [only, ...others] = bench.server.admin.listVersions(BUCKET);
    expect(others).toEqual([]);
    expect(done).toEqual({ etag: only?.etag, versionId: only?.versionId });
    expect(sha256(await stored(bench.store, key))).toBe(sha256(LARGE));
  });

  it('does not take an older object of the key for the one that was to be completed', async () => {
    await using bench = await openBench();
    await bench.store.put(key, Buffer.from('older'));
    const upload = await bench.store.openUpload(key, { size: 5, partSize: PART_BYTES });
    await upload.putPart({ number: 1, bytes: Buffer.from('newer'), crc32: crc32('newer') });
    await upload.abort();
    await expect(upload.complete({ size: 5, crc32: crc32('newer') })).rejects.toEqual(
      failure('permanent', /is gone and the object is not what was sent/, { key }),
    );
  });

  it.each([
    ['is busy', { type: 'error', status: 503, code: 'ServiceUnavailable' }],
    ['takes the credentials for expired', { type: 'error', status: 400, code: 'ExpiredToken' }],
  ] as const)('ends an upload although the store %s the first time', async (_trouble, action) => {
    await using bench = await openBench();
    const upload = await bench.store.openUpload(key, { size: 5, partSize: PART_BYTES });
    bench.server.faults.add({ match: { operation: 'AbortMultipartUpload' }, action });
    await upload.abort();
    expect(bench.server.faults.unfired()).toEqual([]);
    expect(bench.server.admin.listUploads(BUCKET)).toEqual([]);
  });

  it('ends the upload of which the reply says nothing, and opens another', async () => {
    await using bench = await openBench();
    const match = { operation: 'CreateMultipartUpload' };
    bench.server.faults.add({ match, action: { type: 'truncate', afterBytes: 0 } });
    const { uploadId } = await bench.store.openUpload(key, { size: 5, partSize: PART_BYTES });
    expect(bench.server.requests.counts()).toMatchObject({ CreateMultipartUpload: 2, AbortMultipartUpload: 1 });
    expect(bench.server.admin.listUploads(BUCKET).map((upload) => upload.uploadId)).toEqual([uploadId]);
  });

  it('opens no upload whose name no reply tells', async () => {
    await using bench = await openBench();
    const match = { operation: 'CreateMultipartUpload' };
    const action = { type: 'truncate', afterBytes: 0 } as const;
    bench.server.faults.add({ match, action, times: Number.POSITIVE_INFINITY });
    await expect(bench.store.openUpload(key, { size: 5, partSize: PART_BYTES })).rejects.toEqual(
      failure('transient', /CreateMultipartUpload of .*says nothing/, { operation: 'CreateMultipartUpload', key }),
    );
  });

  it('opens an upload although the one whose reply was lost cannot be ended', async () => {
    await using bench = await openBench();
    bench.server.faults.add({
      match: { operation: 'CreateMultipartUpload' },
      when: 'after',
      action: { type: 'reset' },
    });
    bench.server.faults.add({
      match: { operation: 'AbortMultipartUpload' },
      times: Number.POSITIVE_INFINITY,
      action: { type: 'error', status: 503, code: 'ServiceUnavailable' },
    });
    await uploadInParts(bench.store, key, LARGE);
    expect(bench.server.faults.unfired()).toEqual([]);
    expect(bench.server.admin.listUploads(BUCKET)).toHaveLength(1);
  });

  it('ends an upload also where a cancellation comes while it is being ended', async () => {
    const controller = new AbortController();
    await using bench = await openBench({ signal: controller.signal });
    const upload = await bench.store.openUpload(key, { size: 5, partSize: PART_BYTES });
    const gate = bench.server.faults.gate({ operation: 'AbortMultipartUpload' }, { times: 1 });
    const ended = upload.abort();
    await gate.arrived();
    controller.abort(new Error('stop'));
    await ended;
    expect(bench.server.admin.listUploads(BUCKET)).toEqual([]);
    gate.release();
  });

  it('says that the store did not answer where an upload cannot be ended in time', async () => {
    jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask'] });
    const controller = new AbortController();
    await using bench = await openBench({ signal: controller.signal });
    const upload = await bench.store.openUpload(key, { size: 5, partSize: PART_BYTES });
    const gate = bench.server.faults.gate({ operation: 'AbortMultipartUpload' });
    const ended = upload.abort();
    await gate.arrived();
    controller.abort(new Error('stop'));
    await gate.arrived(2);
    jest.advanceTimersByTime(5_000);
    jest.useRealTimers();
    await expect(ended).rejects.toEqual(failure('transient', 'The store did not answer in time.', { key }));
    gate.release();
  });

  it('renews credentials that the store takes for expired, and repeats the request', async () => {
    await using bench = await openBench();
    await fill(bench.store, 'before');
    bench.server.requests.clear();
    bench.server.faults.add({
      match: { operation: 'PutObject' },
      action: { type: 'error', status: 400, code: 'ExpiredToken' },
    });
    await bench.store.put(objectKey('a'), Buffer.from('text'));
    expect((await stored(bench.store, objectKey('a'))).toString()).toBe('text');
    expect(bench.sessions()).toBe(2);
    expect(bench.server.requests.counts()).toMatchObject({ PutObject: 2 });
  });

  it('gives up on credentials that are expired as soon as they are new', async () => {
    await using bench = await openBench();
    bench.server.faults.add({
      times: Number.POSITIVE_INFINITY,
      action: { type: 'error', status: 400, code: 'ExpiredToken' },
    });
    await expect(bench.store.put(objectKey('a'), Buffer.from('text'))).rejects.toEqual(failure('expired', /./));
    expect(bench.server.requests.counts()).toEqual({ PutObject: 3 });
  });

  it('says of a body that breaks off that it may be read on', async () => {
    await using bench = await openBench();
    const bytes = Buffer.alloc(200_000, 'x');
    await bench.store.put(key, bytes);
    bench.server.faults.add({
      match: { operation: 'GetObject' },
      action: { type: 'cutAnswer', afterBytes: 100_000 },
    });
    const { body } = await bench.store.get(key);
    await expect(bytesOf(body)).rejects.toEqual(failure('transient', /./, { operation: 'GetObject', key }));
    expect(bench.server.faults.unfired()).toEqual([]);
    expect(sha256(await stored(bench.store, key))).toBe(sha256(bytes));
  });
});

describe('S3Store: lesser stores', () => {
  const LARGE = Buffer.alloc(PART_BYTES + 1, 'lesser ');
  const SMALL = Buffer.from('small');

  it.each([
    [{ tagging: 'notImplemented' }, ['store-without-tagging']],
    [{ tagging: 'invalidArgument' }, ['store-without-tagging']],
    // The SDK has no PutObjectTagging without a checksum.
    [{ checksums: 'notImplemented' }, ['store-without-checksums', 'store-without-later-tagging']],
    [{ fullObjectChecksums: false }, ['store-without-full-object-checksums']],
    [{ tagging: 'notImplemented', checksums: 'notImplemented' }, ['store-without-checksums', 'store-without-tagging']],
    [{ checksums: 'ignored' }, []],
  ] as const)('does without what is missing, and says so once: %j', async (personality, kinds) => {
    await using bench = await openBench({ personality });
    for (const name of ['a', 'b']) {
      await bench.store.put(objectKey(name), SMALL, { tags: TAGS, sha256: sha256(SMALL) });
      await uploadInParts(bench.store, objectKey(`${name}-large`), LARGE);
    }
    expect(warned(bench).sort()).toEqual(kinds);
    expect(bench.store.takesTags).toBe(!('tagging' in personality));
    for (const name of ['a', 'b']) {
      expect(await stored(bench.store, objectKey(name))).toEqual(SMALL);
      expect(sha256(await stored(bench.store, objectKey(`${name}-large`)))).toBe(sha256(LARGE));
    }
    const tags = bench.server.admin.listObjects(BUCKET).map((object) => object.tags);
    expect(new Set(tags.map((each) => JSON.stringify(each)))).toEqual(
      new Set([JSON.stringify(bench.store.takesTags ? TAGS : {})]),
    );
  });
});

describe('S3Store: what an object is', () => {
  it('tells size, ETag and the SHA-256 it was stored with', async () => {
    await using bench = await openBench();
    const bytes = Buffer.from('content');
    const { etag } = await bench.store.put(objectKey('a'), bytes, { sha256: sha256(bytes) });
    const info = await bench.store.head(objectKey('a'));
    expect(info).toEqual({
      size: 7,
      etag,
      md5: hash('md5', bytes),
      sha256: sha256(bytes),
      lastModified: expect.any(Date),
    });
  });

  it('is asked for its ETag where the completion of an upload does not tell', async () => {
    await using bench = await openBench({ personality: { completionEtag: 'omitted' } });
    const { etag } = await uploadInParts(bench.store, objectKey('a'), Buffer.alloc(PART_BYTES + 1));
    expect(etag).toMatch(/-2"$/);
    expect(etag).toBe((await bench.store.head(objectKey('a'))).etag);
  });

  it('takes no checksum of parts for one of the whole', async () => {
    await using bench = await openBench({ personality: { fullObjectChecksums: false } });
    await uploadInParts(bench.store, objectKey('a'), Buffer.alloc(PART_BYTES + 1));
    expect(await bench.store.head(objectKey('a'))).not.toHaveProperty('sha256');
  });

  it('tells why and until when it is locked', async () => {
    await using bench = await openBench({ versioning: true, objectLock: true });
    const [held, retained, free] = await fill(bench.store, 'held', 'retained', 'free');
    if (held === undefined || retained === undefined || free === undefined) throw new Error('three keys were put');
    const retainUntil = new Date('2099-01-01T00:00:00Z');
    const client = s3Client(bench.server);
    await client.send(
      new PutObjectRetentionCommand({
        Bucket: BUCKET,
        Key: retained,
        Retention: { Mode: 'GOVERNANCE', RetainUntilDate: retainUntil },
      }),
    );
    await client.send(new PutObjectLegalHoldCommand({ Bucket: BUCKET, Key: held, LegalHold: { Status: 'ON' } }));
    client.destroy();
    expect((await bench.store.head(retained)).lock).toEqual({ mode: 'GOVERNANCE', retainUntil, legalHold: false });
    expect((await bench.store.head(held)).lock).toEqual({ legalHold: true });
    expect(await bench.store.head(free)).not.toHaveProperty('lock');
  });
});
