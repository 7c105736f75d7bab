import { describe, expect, it } from '@jest/globals';
import { objectKey } from '../../../src/store/object-key.ts';
import { lockInput } from '../../../src/store/s3/lock.ts';
import { openBench, warned } from './bench.ts';

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
