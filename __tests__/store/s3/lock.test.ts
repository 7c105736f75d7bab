import { crc32 } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { objectKey } from '../../../src/store/object-key.ts';
import { lockInput } from '../../../src/store/s3/lock.ts';
import { openBench, type S3Bench, warned } from './bench.ts';

const UNTIL = new Date('2040-01-01T00:00:00Z');

it('lockInput has a mode and a date together, and a hold only where it is on', () => {
  expect(lockInput(undefined)).toEqual({});
  expect(lockInput({ legalHold: false })).toEqual({});
  expect(lockInput({ mode: 'COMPLIANCE', retainUntil: UNTIL, legalHold: true })).toEqual({
    ObjectLockMode: 'COMPLIANCE',
    ObjectLockRetainUntilDate: UNTIL,
    ObjectLockLegalHoldStatus: 'ON',
  });
});

describe('objectLocking', () => {
  it.each([
    [403, 'AccessDenied', 'unknown'],
    [501, 'NotImplemented', 'off'],
    [405, 'MethodNotAllowed', 'off'],
  ])('takes %d %s for %s', async (status, code, expected) => {
    await using bench = await openBench({ objectLock: true });
    const match = { operation: 'GetObjectLockConfiguration' };
    bench.server.faults.add({ match, action: { type: 'error', status, code } });
    expect(await bench.store.objectLocking()).toBe(expected);
  });
});

describe('a locked PUT', () => {
  const put = { lock: { mode: 'GOVERNANCE', retainUntil: UNTIL, legalHold: false } } as const;

  it('carries a checksum, as S3 demands, also to a store that gets none unasked', async () => {
    await using bench = await openBench({ objectLock: true });
    await bench.store.put(objectKey('a'), Buffer.from('a'), put);
    await bench.store.putStream(
      objectKey('b'),
      (async function* () {
        yield Buffer.from('b');
      })(),
      put,
    );
    const requests = bench.server.requests.filter(({ operation }) => operation === 'PutObject');
    expect(
      requests.map(({ headers }) => Object.keys(headers).filter((name) => name.startsWith('x-amz-checksum'))),
    ).toEqual([['x-amz-checksum-sha256'], ['x-amz-checksum-sha256']]);
  });

  it('is refused by a bucket without Object Lock in words that name the input', async () => {
    await using bench = await openBench();
    await expect(bench.store.put(objectKey('a'), Buffer.from('a'), put)).rejects.toMatchObject({
      name: 'InputError',
      message: expect.stringMatching(/object-lock-mode or legal-hold is set, but .* has no Object Lock: enable it/),
    });
    expect(warned(bench)).toEqual([]);
  });
});

describe('a locked upload in parts', () => {
  const lock = { mode: 'GOVERNANCE', retainUntil: UNTIL, legalHold: true } as const;
  const key = objectKey('large');

  async function upload(bench: S3Bench): Promise<Record<string, number>> {
    const bytes = Buffer.from('a part');
    const opened = await bench.store.openUpload(key, { size: bytes.length, partSize: bytes.length, lock });
    await opened.putPart({ number: 1, bytes, crc32: crc32(bytes) });
    await opened.complete({ size: bytes.length, crc32: crc32(bytes) });
    return bench.server.requests.counts();
  }
  const asMany = { CreateMultipartUpload: 1, UploadPart: 1, CompleteMultipartUpload: 1 };

  it.each([
    ['Amazon', { isAmazon: true }, {}],
    ['another store', {}, { HeadObject: 1 }],
    [
      'a store that drops the lock',
      { personality: { multipartProperties: 'dropped' } },
      { HeadObject: 1, PutObjectRetention: 1, PutObjectLegalHold: 1 },
    ],
  ] as const)('is locked in the end on %s, in as few requests', async (_store, options, more) => {
    await using bench = await openBench({ objectLock: true, ...options });
    expect(await upload(bench)).toEqual({ ...asMany, ...more });
    expect((await bench.store.head(key)).lock).toEqual(lock);
  });

  it('fails where the lock is dropped and cannot be set', async () => {
    await using bench = await openBench({ objectLock: true, personality: { multipartProperties: 'dropped' } });
    const match = { operation: 'PutObjectRetention' };
    bench.server.faults.add({ match, action: { type: 'error', status: 403, code: 'AccessDenied' } });
    await expect(upload(bench)).rejects.toMatchObject({ class: 'permanent', details: { code: 'AccessDenied', key } });
  });
});
