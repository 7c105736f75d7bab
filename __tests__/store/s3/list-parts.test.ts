import { crc32 } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { objectKey } from '../../../src/store/object-key.ts';
import type { ListedPart } from '../../../src/store/object-store.ts';
import { failure } from '../../series/series-fixture.ts';
import { openBench } from './bench.ts';

const KEY = objectKey('large');
const NUMBERS = [1, 2, 3, 5, 8, 10_000];
const bytesOf = (number: number) => Buffer.alloc(number, number);

async function withParts(numbers: readonly number[], check: (parts: ReadonlyMap<number, ListedPart>) => void) {
  await using bench = await openBench({ personality: { maxKeysPerPage: 2 } });
  const upload = await bench.store.openUpload(KEY, { partSize: 5_000_000 });
  for (const number of numbers) {
    const bytes = bytesOf(number);
    await upload.putPart({ number, bytes, crc32: crc32(bytes) });
  }
  bench.server.requests.clear();
  const open = await bench.store.listParts(KEY, upload.uploadId);
  expect(open).toMatchObject({ uploadId: upload.uploadId, checksums: 'full-object' });
  check(open.parts);
  return bench.server.requests.all.map(({ query }) => new URLSearchParams(query).get('part-number-marker'));
}

describe('S3Store: parts of an open upload in pages of two', () => {
  it('lists every part with its size and checksum, each page from where the last one ended', async () => {
    const asked = await withParts(NUMBERS, (parts) => {
      expect([...parts.keys()]).toEqual(NUMBERS);
      for (const [number, part] of parts) {
        expect(part).toEqual({
          size: number,
          crc32: crc32(bytesOf(number)),
          etag: expect.stringMatching(/^"\w{32}"$/),
        });
      }
    });
    expect(asked).toEqual([null, '2', '5']);
  });

  it.each([
    ['no part', []],
    ['just a page', [1, 2]],
  ])('asks once where there is %s', async (_what, numbers) => {
    expect(await withParts(numbers, (parts) => expect([...parts.keys()]).toEqual(numbers))).toEqual([null]);
  });

  it.each([
    ['was lost', { type: 'reset' }],
    ['says nothing', { type: 'truncate', afterBytes: 0 }],
  ] as const)('asks again for a page of which the reply %s, and loses no part', async (_what, action) => {
    await using bench = await openBench({ personality: { maxKeysPerPage: 2 } });
    const upload = await bench.store.openUpload(KEY, { partSize: 5_000_000 });
    for (const number of [1, 2, 3]) {
      await upload.putPart({ number, bytes: bytesOf(number), crc32: crc32(bytesOf(number)) });
    }
    bench.server.faults.add({
      match: { operation: 'ListParts', request: 2 },
      when: 'after',
      action,
    });
    expect([...(await bench.store.listParts(KEY, upload.uploadId)).parts.keys()]).toEqual([1, 2, 3]);
    expect(bench.server.faults.unfired()).toEqual([]);
  });

  it('says that an upload has ended', async () => {
    await using bench = await openBench();
    const upload = await bench.store.openUpload(KEY, { partSize: 5_000_000 });
    await upload.abort();
    await expect(bench.store.listParts(KEY, upload.uploadId)).rejects.toEqual(
      failure('not-found', /ListParts/, { operation: 'ListParts', key: KEY, code: 'NoSuchUpload' }),
    );
  });
});
