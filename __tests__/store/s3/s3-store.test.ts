import { crc32 } from 'node:zlib';
import { PutObjectLegalHoldCommand, PutObjectRetentionCommand } from '@aws-sdk/client-s3';
import { describe, expect, it } from '@jest/globals';
import { type ObjectKey, objectKey } from '../../../src/store/object-key.ts';
import type { ObjectStore } from '../../../src/store/object-store.ts';
import { MAX_BATCH_KEYS } from '../../../src/store/s3/delete.ts';
import { s3Client } from '../../dev/s3-server/integration/support.ts';
import { bytesOf, failure, keysIn, stored } from '../../series/series-fixture.ts';
import { sha256 } from '../conformance/place.ts';
import { describeObjectStore } from '../conformance.ts';
import { BUCKET, openBench } from './bench.ts';

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

const PART_BYTES = 5 * 1024 * 1024;
const TAGS = { team: 'core' };

async function fill(store: ObjectStore, ...names: string[]): Promise<ObjectKey[]> {
  const keys = names.map(objectKey);
  for (const key of keys) await store.put(key, Buffer.from(key));
  return keys;
}

async function uploadInParts(store: ObjectStore, key: ObjectKey, bytes: Buffer) {
  const upload = await store.openUpload(key, { size: bytes.length, partSize: PART_BYTES, tags: TAGS });
  for (let number = 1; (number - 1) * PART_BYTES < bytes.length; number += 1) {
    const part = bytes.subarray((number - 1) * PART_BYTES, number * PART_BYTES);
    await upload.putPart({ number, bytes: part, crc32: crc32(part) });
  }
  return upload.complete({ size: bytes.length, crc32: crc32(bytes) });
}

const warned = ({ log }: { log: { warnings: readonly { kind: string }[] } }) => log.warnings.map(({ kind }) => kind);

describe('S3Store: deletes', () => {
  const keyErrors = (code: string, keys: RegExp | string) => ({
    match: { operation: 'DeleteObjects' },
    action: { type: 'keyErrors' as const, keys, code },
  });

  it('asks again for the keys that the store could not delete this time, and for no others', async () => {
    await using bench = await openBench();
    const keys = await fill(bench.store, 'a', 'b', 'c');
    bench.server.faults.add(keyErrors('InternalError', 'b'));
    expect(await bench.store.delete(keys.map((key) => ({ key })))).toEqual([]);
    expect(await keysIn(bench.store)).toEqual([]);
    expect(bench.server.faults.unfired()).toEqual([]);
    expect(bench.server.requests.counts()).toMatchObject({ DeleteObjects: 2 });
  });

  it('tells of the keys that may not be deleted, without asking again', async () => {
    await using bench = await openBench({ isAmazon: true });
    const keys = await fill(bench.store, 'a', 'b', 'c');
    bench.server.faults.add(keyErrors('AccessDenied', 'b'));
    expect(await bench.store.delete(keys.map((key) => ({ key })))).toEqual([
      { target: { key: 'b' }, code: 'AccessDenied', message: 'AccessDenied' },
    ]);
    expect(await keysIn(bench.store)).toEqual(['b']);
    expect(bench.server.requests.counts()).toMatchObject({ DeleteObjects: 1 });
    expect(warned(bench)).toEqual([]);
  });

  it('repeats the one and tells of the other where a batch has both', async () => {
    await using bench = await openBench({ isAmazon: true });
    const keys = await fill(bench.store, 'a', 'b', 'c');
    bench.server.faults.add(keyErrors('AccessDenied', 'a'));
    bench.server.faults.add(keyErrors('SlowDown', 'c'));
    const failures = await bench.store.delete(keys.map((key) => ({ key })));
    expect(failures.map(({ target, code }) => [target.key, code])).toEqual([['a', 'AccessDenied']]);
    expect(await keysIn(bench.store)).toEqual(['a']);
  });

  it.each(['missingContentMd5', 'notImplemented'] as const)(
    'deletes one by one, with one warning, where batches are refused: %s',
    async (bulkDelete) => {
      await using bench = await openBench({ personality: { bulkDelete } });
      const [a, b, c] = (await fill(bench.store, 'a', 'b', 'c')).map((key) => ({ key }));
      if (a === undefined || b === undefined || c === undefined) throw new Error('three keys were put');
      expect(await bench.store.delete([a, b])).toEqual([]);
      expect(await bench.store.delete([c])).toEqual([]);
      expect(await keysIn(bench.store)).toEqual([]);
      expect(bench.server.requests.counts()).toMatchObject({ DeleteObjects: 1, DeleteObject: 3 });
      expect(warned(bench)).toEqual(['store-without-batch-delete']);
    },
  );

  it('deletes one by one where the keys of a batch are denied and single ones are not', async () => {
    await using bench = await openBench();
    const keys = await fill(bench.store, 'a', 'b', 'c');
    bench.server.faults.add(keyErrors('AccessDenied', /./));
    expect(await bench.store.delete(keys.map((key) => ({ key })))).toEqual([]);
    expect(await keysIn(bench.store)).toEqual([]);
    expect(warned(bench)).toEqual(['store-without-batch-delete']);
  });

  it('keeps batches, and tells of the keys, where single ones are denied as well', async () => {
    await using bench = await openBench();
    const keys = await fill(bench.store, 'a', 'b');
    bench.server.faults.add(keyErrors('AccessDenied', /./));
    bench.server.faults.add({
      match: { operation: 'DeleteObject' },
      times: keys.length,
      action: { type: 'error', status: 403, code: 'AccessDenied' },
    });
    const failures = await bench.store.delete(keys.map((key) => ({ key })));
    expect(failures.map(({ target, code }) => [target.key, code])).toEqual([
      ['a', 'AccessDenied'],
      ['b', 'AccessDenied'],
    ]);
    expect(bench.server.requests.counts()).toMatchObject({ DeleteObjects: 1, DeleteObject: 1 });
    expect(warned(bench)).toEqual([]);
  });

  it('sends no more keys at once than S3 takes', async () => {
    await using bench = await openBench();
    const targets = Array.from({ length: MAX_BATCH_KEYS + 1 }, (_, index) => ({ key: objectKey(`k${index}`) }));
    expect(await bench.store.delete(targets)).toEqual([]);
    expect(bench.server.requests.counts()).toEqual({ DeleteObjects: 2 });
  });
});

describe('S3Store: listings in pages of two', () => {
  const NAMES = ['a', 'b+c d', 'f/1', 'f/2', 'g/1', 'h/1', 'ä'];

  it('lists every object and every folder, in order', async () => {
    await using bench = await openBench({ personality: { maxKeysPerPage: 2 } });
    await fill(bench.store, ...NAMES.map((name) => `p/${name}`).reverse(), 'q/other');
    expect(await Array.fromAsync(bench.store.list('p/'), ({ key, size }) => [key, size])).toEqual(
      NAMES.map((name) => [`p/${name}`, Buffer.byteLength(`p/${name}`)]),
    );
    expect(await Array.fromAsync(bench.store.listPrefixes('p/'))).toEqual(['p/f/', 'p/g/', 'p/h/']);
    expect(bench.server.requests.counts()).toMatchObject({ ListObjectsV2: 4 + 4 });
  });

  it('lists every version and delete marker', async () => {
    await using bench = await openBench({ versioning: true, personality: { maxKeysPerPage: 2 } });
    await fill(bench.store, 'p/a', 'p/a', 'p/a', 'p/b', 'p/c', 'q/other');
    await bench.store.delete([{ key: objectKey('p/a') }, { key: objectKey('p/c') }]);
    const listed = await Array.fromAsync(bench.store.listVersions('p/'));
    const inside = bench.server.admin.listVersions(BUCKET, 'p/');
    const byId = (versions: readonly { versionId: string }[]) => versions.map(({ versionId }) => versionId).sort();
    expect(byId(listed)).toEqual(byId(inside));
    expect(listed.map(({ key }) => key)).toEqual(['p/a', 'p/a', 'p/a', 'p/a', 'p/b', 'p/c', 'p/c']);
    const current = listed.filter(({ isLatest }) => isLatest).map(({ key, isDeleteMarker }) => [key, isDeleteMarker]);
    expect(current).toEqual([
      ['p/a', true],
      ['p/b', false],
      ['p/c', true],
    ]);
  });

  it('lists every open upload, also several of one key', async () => {
    await using bench = await openBench({ personality: { maxKeysPerPage: 2 } });
    const opened: string[] = [];
    for (const name of ['p/a', 'p/a', 'p/a', 'p/b c', 'p/d']) {
      const { uploadId } = await bench.store.openUpload(objectKey(name), { size: 1, partSize: PART_BYTES });
      opened.push(`${name} ${uploadId}`);
    }
    await bench.store.openUpload(objectKey('q/other'), { size: 1, partSize: PART_BYTES });
    const listed = await Array.fromAsync(bench.store.listUploads('p/'), ({ key, uploadId }) => `${key} ${uploadId}`);
    expect([...listed].sort()).toEqual(opened.sort());
  });
});

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
    expect(await stored(bench.store, key)).toEqual(LARGE);
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

  it('renews credentials that the store takes for expired, and repeats the request', async () => {
    await using bench = await openBench();
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
    expect(await stored(bench.store, key)).toEqual(bytes);
  });
});

describe('S3Store: lesser stores', () => {
  const LARGE = Buffer.alloc(PART_BYTES + 1, 'lesser ');
  const SMALL = Buffer.from('small');

  it.each([
    [{ tagging: 'notImplemented' }, ['store-without-tagging']],
    [{ tagging: 'invalidArgument' }, ['store-without-tagging']],
    [{ checksums: 'notImplemented' }, ['store-without-checksums', 'store-without-full-object-checksums']],
    [{ fullObjectChecksums: false }, ['store-without-full-object-checksums']],
    [
      { tagging: 'notImplemented', checksums: 'notImplemented' },
      ['store-without-checksums', 'store-without-full-object-checksums', 'store-without-tagging'],
    ],
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
      expect(await stored(bench.store, objectKey(`${name}-large`))).toEqual(LARGE);
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
    expect(info).toEqual({ size: 7, etag, sha256: sha256(bytes), lastModified: expect.any(Date) });
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
