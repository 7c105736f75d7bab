import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { BackupError, DAMAGED } from '../../src/errors.ts';
import { type ResumePorts, resuming } from '../../src/store/resume.ts';
import { DEFAULT_RETRY } from '../../src/store/retry.ts';
import { bytesOf, failure, PORTS } from '../series/series-fixture.ts';
import { virtualTime } from '../virtual-time.ts';
import { breaking, KEY, type Mishap, storeWith } from './broken-reader.ts';

const SIZE = 10_000;
const bytes = randomBytes(SIZE);
const ports: ResumePorts = { ...PORTS, signal: new AbortController().signal };

async function read(mishaps: Readonly<Record<number, Mishap>>, options = {}, resumePorts = ports) {
  const store = await storeWith(bytes);
  const reader = breaking(store, mishaps);
  const { size, body } = await resuming(reader, resumePorts).get(KEY, options);
  return { size, asked: reader.asked, found: await bytesOf(body) };
}

describe('resuming', () => {
  it('reads an object in one request where nothing breaks', async () => {
    const { size, asked, found } = await read({});
    expect([size, asked]).toEqual([SIZE, [{}]]);
    expect(found.equals(bytes)).toBe(true);
  });

  it.each(['transient', 'throttled'] as const)(
    'goes on from the last good byte of the same object after a break of class %s',
    async (errorClass) => {
      const { asked, found } = await read({ 0: { afterBytes: 3500, class: errorClass } });
      const ifMatch = expect.stringMatching(/^"[0-9a-f]{32}"$/);
      expect(asked).toEqual([{}, { range: { start: 3500, end: SIZE }, ifMatch }]);
      expect(found.equals(bytes)).toBe(true);
    },
  );

  it('goes on with the version that was asked for', async () => {
    const { asked } = await read({ 0: { afterBytes: 100, class: 'transient' } }, { versionId: 'null' });
    expect(asked.map(({ versionId }) => versionId)).toEqual(['null', 'null']);
  });

  it('takes a reply that ends early for a break', async () => {
    const { asked, found } = await read({ 0: { afterBytes: 1 }, 1: { afterBytes: 2 } });
    expect(asked.map(({ range }) => range?.start)).toEqual([undefined, 1, 3]);
    expect(found.equals(bytes)).toBe(true);
  });

  it('counts from the start of the object where a range was asked for', async () => {
    const range = { start: 5000, end: 9000 };
    const { size, asked, found } = await read({ 0: { afterBytes: 100, class: 'transient' } }, { range });
    expect(size).toBe(4000);
    expect(asked.at(-1)?.range).toEqual({ start: 5100, end: 9000 });
    expect(found.equals(bytes.subarray(5000, 9000))).toBe(true);
  });

  it('does not ask again for nothing when the connection breaks after the last byte', async () => {
    const { asked, found } = await read({ 0: { afterBytes: SIZE, class: 'transient' } });
    expect(asked).toHaveLength(1);
    expect(found.equals(bytes)).toBe(true);
  });

  it('gives up after so long without a byte, however many tries brought some', async () => {
    const time = virtualTime({ random: () => 1 });
    const slow = { ...ports, ...time };
    const nothing = { afterBytes: 0, class: 'transient' } as const;
    const mishaps = Object.fromEntries(Array.from({ length: 100 }, (_, index) => [index, nothing]));
    const some = {
      ...mishaps,
      0: { afterBytes: 10, class: 'transient' },
      5: { afterBytes: 10, class: 'transient' },
    } as const;
    await expect(read(some, {}, slow)).rejects.toEqual(
      failure('transient', /^The connection broke \(tried \d+ times in \d+ s\)\.$/),
    );
    // The first break, four without a byte, one with, and then five minutes of waits: as many as fit.
    const { waits } = time;
    expect(waits.slice(0, 6)).toEqual([100, 200, 400, 800, 1600, 100]);
    const rest = waits.slice(5).reduce((sum, ms) => sum + ms, 0);
    expect(rest).toBeLessThanOrEqual(time.retryForMs);
    expect(rest).toBeGreaterThan(time.retryForMs - DEFAULT_RETRY.maxDelayMs);
  });

  it.each(['permanent', 'not-found', 'local', 'expired'] as const)('does not go on after %s', async (errorClass) => {
    await expect(read({ 0: { afterBytes: 10, class: errorClass } })).rejects.toEqual(
      failure(errorClass, 'The connection broke.'),
    );
  });

  it('never joins two objects: one that was replaced meanwhile is an error', async () => {
    const store = await storeWith(bytes);
    const { body } = await resuming(breaking(store, { 0: { afterBytes: 10, class: 'transient' } }), ports).get(KEY);
    await store.put(KEY, randomBytes(SIZE));
    await expect(bytesOf(body)).rejects.toEqual(failure('permanent', /was replaced while it was read/));
  });

  it('never hands out more than was announced', async () => {
    const store = await storeWith(bytes);
    const longer = { ...breaking(store, {}), get: async () => ({ ...(await store.get(KEY)), size: 9999 }) };
    const { body } = await resuming(longer, ports).get(KEY);
    await expect(bytesOf(body)).rejects.toEqual(failure('permanent', /longer than it was announced/));
  });

  it('takes an object that ends before its announced size for damaged, which a second look may mend', async () => {
    const store = await storeWith(bytes);
    const lying = { ...breaking(store, {}), get: store.get.bind(store) };
    const first = {
      ...lying,
      get: async (key: typeof KEY, options = {}) => ({ ...(await lying.get(key, options)), size: SIZE + 7 }),
    };
    const { body } = await resuming(first, ports).get(KEY);
    const details = { code: DAMAGED, expected: `${SIZE + 7} bytes`, found: `${SIZE} bytes` };
    await expect(bytesOf(body)).rejects.toEqual(failure('permanent', /shorter than the reply/, details));
  });

  it('ends with the reason of a cancellation', async () => {
    const controller = new AbortController();
    const sleep = async () => controller.abort(new BackupError('Cancelled.', { class: 'local' }));
    const mishaps = { 0: { afterBytes: 10, class: 'transient' } } as const;
    const outcome = read(mishaps, {}, { ...ports, sleep, signal: controller.signal });
    await expect(outcome).rejects.toEqual(failure('local', 'Cancelled.'));
  });

  it('gives the same bytes wherever and however often it breaks', async () => {
    const breaks = fc.array(fc.record({ afterBytes: fc.nat(SIZE) }), { maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(breaks, async (list) => {
        const mishaps = {
          ...list.map((mishap, index) => (index % 2 ? mishap : { ...mishap, class: 'transient' as const })),
        };
        const { found } = await read(mishaps);
        expect(found.equals(bytes)).toBe(true);
      }),
      { numRuns: 50 },
    );
  });
});
