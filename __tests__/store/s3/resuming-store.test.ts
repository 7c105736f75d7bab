import { randomBytes } from 'node:crypto';
import { expect, it } from '@jest/globals';
import { objectKey } from '../../../src/store/object-key.ts';
import { resuming } from '../../../src/store/resume.ts';
import { bytesOf, failure, PORTS } from '../../series/series-fixture.ts';
import { openBench } from './bench.ts';

const key = objectKey('a');
const BYTES = randomBytes(200_000);
const CUT = { match: { operation: 'GetObject' }, action: { type: 'cutAnswer', afterBytes: 100_000 } } as const;

it('reads on from the last good byte, and sends no more requests than that takes', async () => {
  await using bench = await openBench({ resumesReads: true });
  await bench.store.put(key, BYTES);
  bench.server.faults.add(CUT);
  const { body, size } = await bench.store.get(key);
  expect((await bytesOf(body)).equals(BYTES)).toBe(true);
  expect(size).toBe(BYTES.byteLength);
  const gets = bench.server.requests.filter(({ operation }) => operation === 'GetObject');
  expect(gets.map(({ headers }) => headers.range)).toEqual([undefined, expect.stringMatching(/^bytes=\d+-199999$/)]);
});

it('reads a part on to the end of the part', async () => {
  await using bench = await openBench({ resumesReads: true });
  await bench.store.put(key, BYTES);
  bench.server.faults.add(CUT);
  const { body } = await bench.store.get(key, { range: { start: 10, end: 150_010 } });
  expect((await bytesOf(body)).equals(BYTES.subarray(10, 150_010))).toBe(true);
});

it('gives up once, and not once more, where no byte comes any more', async () => {
  await using bench = await openBench({ resumesReads: true });
  await bench.store.put(key, BYTES);
  const cut = { ...CUT, times: Number.POSITIVE_INFINITY, action: { type: 'cutAnswer', afterBytes: 0 } } as const;
  bench.server.faults.add(cut);
  const reader = resuming(bench.store, { ...PORTS, signal: new AbortController().signal });
  expect(reader).toBe(bench.store);
  const { body } = await reader.get(key);
  await expect(bytesOf(body)).rejects.toEqual(failure('transient', /tried \d+ times/, { operation: 'GetObject', key }));
});
