import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { listClaims, listPins, listVersions, nextNumber } from '../../src/series/catalogue.ts';
import { SeriesKeys } from '../../src/series/keys.ts';
import { formatVersionId, MAX_NUMBER } from '../../src/series/version-id.ts';
import { MemoryStore } from '../../src/store/memory.ts';
import { objectKey } from '../../src/store/object-key.ts';
import { KEYS, TIME } from './series-fixture.ts';

const idOf = (number: number, time = TIME) => formatVersionId({ series: 'dist', type: 'full', time, number });

async function storeWith(...keys: readonly string[]): Promise<MemoryStore> {
  const store = new MemoryStore({ clock: () => TIME });
  for (const key of keys) await store.put(objectKey(key), Buffer.from(''));
  return store;
}

/** Keys that stand where ours do, or near, and are none of them. */
const FOREIGN = [
  'backups/dist/claims/README.txt',
  'backups/dist/claims/42.json',
  'backups/dist/claims/000000.json',
  'backups/dist/claims/000042.json.bak',
  'backups/dist/claims/000042_xyz.json',
  'backups/dist/pins/forever.json',
  'backups/dist/pins/000007_1.json',
  'backups/dist/versions/latest.json',
  'backups/dist/versions/dist_full_20261122T080910Z_42.json',
  'backups/dist/versions/dist_full_20261322T080910Z_000042.json',
  'backups/dist/versions/other_full_20261122T080910Z_000042.json',
  'backups/dist/versions/old/dist_full_20261122T080910Z_000042.json',
  'backups/dist2/versions/dist2_full_20261122T080910Z_000042.json',
  'backups/versions/dist_full_20261122T080910Z_000042.json',
];

describe('the catalogue', () => {
  it('has all there is to know of a version from its key', async () => {
    const later = new Date('2027-01-02T03:04:05Z');
    const store = await storeWith(KEYS.record(idOf(42)), KEYS.record(idOf(1_000_001, later)));
    expect(await listVersions(store, KEYS)).toEqual([
      { id: 'dist_full_20261122T080910Z_000042', number: 42, type: 'full', time: TIME },
      { id: 'dist_full_20270102T030405Z_1000001', number: 1_000_001, type: 'full', time: later },
    ]);
  });

  it('is sorted by number, not by type or time as the keys are', async () => {
    const ids = [
      formatVersionId({ series: 'dist', type: 'incremental', time: TIME, number: 2 }),
      formatVersionId({ series: 'dist', type: 'full', time: new Date('2030-01-01T00:00:00Z'), number: 1 }),
      formatVersionId({ series: 'dist', type: 'full', time: TIME, number: 10 }),
      formatVersionId({ series: 'dist', type: 'full', time: TIME, number: 3 }),
    ];
    const versions = await listVersions(await storeWith(...ids.map((id) => KEYS.record(id))), KEYS);
    expect(versions.map(({ number, type }) => `${number} ${type}`)).toEqual([
      '1 full',
      '2 incremental',
      '3 full',
      '10 full',
    ]);
  });

  it('has claims of both forms, with the time of the store', async () => {
    const store = await storeWith(KEYS.claim({ number: 42 }), KEYS.claim({ number: 42, nonce: '0f' }));
    expect(await listClaims(store, KEYS)).toEqual([
      { key: 'backups/dist/claims/000042.json', number: 42, lastModified: TIME },
      { key: 'backups/dist/claims/000042_0f.json', number: 42, nonce: '0f', lastModified: TIME },
    ]);
  });

  it('has the pins', async () => {
    expect(await listPins(await storeWith(KEYS.pin(7), KEYS.pin(1_000_000)), KEYS)).toEqual([
      { number: 7 },
      { number: 1_000_000 },
    ]);
  });

  it('is empty in an empty bucket, and leaves alone what is not ours', async () => {
    for (const store of [await storeWith(), await storeWith(...FOREIGN)]) {
      expect(await listVersions(store, KEYS)).toEqual([]);
      expect(await listClaims(store, KEYS)).toEqual([]);
      expect(await listPins(store, KEYS)).toEqual([]);
    }
  });

  it('works without a prefix', async () => {
    const keys = new SeriesKeys({ prefix: '', series: 'dist' });
    expect(await listVersions(await storeWith(keys.record(idOf(42))), keys)).toMatchObject([{ number: 42 }]);
  });
});

describe('nextNumber', () => {
  const version = (number: number) => ({ id: idOf(number), number, type: 'full' as const, time: TIME });
  const claim = (number: number) => ({ key: KEYS.claim({ number }), number, lastModified: TIME });
  const numbers = fc.array(fc.integer({ min: 1, max: 1_000_000 }));

  it('starts at 1', () => {
    expect(nextNumber([], [])).toBe(1);
  });

  it('says that none is left after the last one, which no run makes', () => {
    expect(() => nextNumber([], [claim(MAX_NUMBER)])).toThrow(/after which none is left/);
    expect(nextNumber([], [claim(MAX_NUMBER - 1)])).toBe(MAX_NUMBER);
  });

  it('is one more than the highest, of whichever kind', () => {
    fc.assert(
      fc.property(numbers, numbers, (recorded, claimed) => {
        const next = nextNumber(recorded.map(version), claimed.map(claim));
        const taken = new Set([0, ...recorded, ...claimed]);
        expect(taken.has(next - 1)).toBe(true);
        expect([...taken].every((number) => number < next)).toBe(true);
      }),
    );
  });
});
