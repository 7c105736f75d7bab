import { describe, expect, it } from '@jest/globals';
import { UNSIGNED_PAYLOAD } from '../../../src/aws/sigv4.ts';
import { objectKey } from '../../../src/store/object-key.ts';
import { payloadOf } from '../../../src/store/s3/direct.ts';
import { failure } from '../../series/series-fixture.ts';
import { sha256 } from '../conformance/place.ts';
import { openBench } from './bench.ts';

const BODY = Buffer.from('body');
const KEY = objectKey('a');

describe('payloadOf', () => {
  it('is the SHA-256 of the body, which S3 compares', async () => {
    expect(await payloadOf(true, BODY, { sha256: 'ab' })).toBe('ab');
    expect(await payloadOf(true, BODY, { checksumIsChecked: false })).toBe(sha256(BODY));
    expect(await payloadOf(false, BODY, { checksumIsChecked: true })).toBe(sha256(BODY));
  });

  it.each([2 ** 20, 16 * 2 ** 20, 16 * 2 ** 20 + 1, 24 * 2 ** 20])('is that of a body of %i bytes', async (bytes) => {
    const large = Buffer.alloc(bytes, 'large');
    expect(await payloadOf(false, large, { checksumIsChecked: true })).toBe(sha256(large));
  });

  it('is found without a copy of a body of many mebibytes', async () => {
    const large = Buffer.alloc(128 * 2 ** 20, 'large');
    await payloadOf(false, large, { checksumIsChecked: true });
    const before = process.memoryUsage.rss();
    const found = payloadOf(false, large, { checksumIsChecked: true });
    expect(process.memoryUsage.rss() - before).toBeLessThan(64 * 2 ** 20);
    await found;
  });

  it('is left out only over TLS, and only where the store compares a checksum', async () => {
    expect(await payloadOf(true, BODY, { checksumIsChecked: true })).toBe(UNSIGNED_PAYLOAD);
  });
});

describe('objects by the direct client', () => {
  it.each([
    ['the connection breaks', { type: 'reset' }],
    ['the reply is lost', { type: 'reset' }, 'after'],
    ['the request breaks off', { type: 'cutRequest', afterBytes: 2 }],
    ['the store is busy', { type: 'error', status: 503, code: 'SlowDown' }],
    ['the store is in trouble', { type: 'error', status: 500, code: 'InternalError' }],
    ['a byte was lost on the way', { type: 'error', status: 400, code: 'XAmzContentSHA256Mismatch' }],
  ] as const)('are put again where %s', async (_what, action, when: 'before' | 'after' = 'before') => {
    await using bench = await openBench();
    bench.server.faults.add({ match: { operation: 'PutObject' }, times: 2, when, action });
    await bench.store.put(KEY, BODY);
    expect(bench.server.faults.unfired()).toEqual([]);
    expect((await bench.store.head(KEY)).sha256).toBe(sha256(BODY));
  });

  it('are asked for again where the reply does not come', async () => {
    await using bench = await openBench();
    await bench.store.put(KEY, BODY);
    bench.server.faults.add({ match: { operation: 'GetObject' }, times: 3, action: { type: 'reset' } });
    const { body } = await bench.store.get(KEY);
    expect(Buffer.concat(await Array.fromAsync(body)).toString()).toBe('body');
    expect(bench.server.requests.counts()).toMatchObject({ GetObject: 4 });
  });

  it('are not sent again where that changes nothing', async () => {
    await using bench = await openBench();
    bench.server.faults.add({ action: { type: 'error', status: 403, code: 'AccessDenied' } });
    await expect(bench.store.put(KEY, BODY)).rejects.toEqual(failure('permanent', /./));
    expect(bench.server.requests.counts()).toEqual({ PutObject: 1 });
  });

  it('are signed with the right time after a refusal for a wrong one', async () => {
    await using bench = await openBench();
    bench.server.faults.add({ action: { type: 'error', status: 403, code: 'RequestTimeTooSkewed' } });
    await bench.store.put(KEY, BODY);
    expect(bench.server.requests.counts()).toEqual({ PutObject: 2 });
  });

  it('are left where the signal ends the wait for a silent store', async () => {
    const cancelled = new AbortController();
    await using bench = await openBench({ signal: cancelled.signal });
    bench.server.faults.add({ action: { type: 'silence' } });
    const pending = bench.store.put(KEY, BODY);
    const reason = new Error('cancelled');
    cancelled.abort(reason);
    await expect(pending).rejects.toBe(reason);
  });
});
