import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { SERIES_NAME, SeriesKeys } from '../../src/series/keys.ts';
import { formatVersionId, type VersionIdParts } from '../../src/series/version-id.ts';
import { keyProblem, MAX_KEY_BYTES, pathProblem } from '../../src/store/object-key.ts';

const CASES = { numRuns: 1_000 };
const ID = 'dist_full_20261122T080910Z_000042';
const dist = new SeriesKeys({ prefix: 'backups', series: 'dist' });

const anySeries = fc.stringMatching(SERIES_NAME);
const anyNumber = fc.integer({ min: 1, max: 999_999_999_999_999 });
const anyNonce = fc.stringMatching(/^[0-9a-f]{32}$/);
const anyKeys = fc
  .record({ prefix: fc.constantFrom('', 'backups', 'a/b c/ü'), series: anySeries })
  .map((location) => new SeriesKeys(location));
const anyTime = fc.integer({ min: 0, max: 4_000_000_000 }).map((seconds) => new Date(seconds * 1000));
const anyId = (series: string): fc.Arbitrary<VersionIdParts> =>
  fc.record({
    series: fc.constant(series),
    type: fc.constantFrom('full' as const, 'incremental' as const),
    time: anyTime,
    number: anyNumber,
  });
const anyKeysAndId = anyKeys.chain((keys) => fc.tuple(fc.constant(keys), anyId(keys.location.series)));

describe('SeriesKeys', () => {
  it('builds the documented keys', () => {
    expect([
      dist.claim({ number: 42 }),
      dist.claim({ number: 42, nonce: 'c0ffee' }),
      dist.claim({ number: 42, turn: 2 }),
      dist.index(ID, 2),
      dist.file(ID, 'a/b.txt', 12),
      dist.pack(ID, 1, 3),
      dist.record(ID),
      dist.pin(42),
      dist.index(ID),
      dist.file(ID, 'a/b.txt'),
    ]).toEqual([
      'backups/dist/claims/000042.json',
      'backups/dist/claims/000042_c0ffee.json',
      'backups/dist/claims/000042.2.json',
      `backups/dist/data/${ID}/resumed-2/index.ndjson.zst`,
      `backups/dist/data/${ID}/resumed-12/files/a/b.txt`,
      `backups/dist/data/${ID}/resumed-3/packs/0001.tar.zst`,
      `backups/dist/versions/${ID}.json`,
      'backups/dist/pins/000042.json',
      `backups/dist/data/${ID}/index.ndjson.zst`,
      `backups/dist/data/${ID}/files/a/b.txt`,
    ]);
  });

  it('needs no prefix', () => {
    expect(new SeriesKeys({ prefix: '', series: 'dist' }).pin(1)).toBe('dist/pins/000001.json');
  });

  it('reads its claims back', () => {
    fc.assert(
      fc.property(anyKeys, anyNumber, fc.option(anyNonce, { nil: undefined }), (keys, number, nonce) => {
        const parts = nonce === undefined ? { number } : { number, nonce };
        expect(keys.parseClaim(keys.claim(parts))).toEqual(parts);
      }),
      CASES,
    );
  });

  it('reads the turn of a claim back, and none of its form that it would not write', () => {
    expect(dist.parseClaim('backups/dist/claims/000042.2.json')).toEqual({ number: 42, turn: 2 });
    expect(dist.parseClaim('backups/dist/claims/000042.10.json')).toEqual({ number: 42, turn: 10 });
    for (const turn of ['0', '1', '02', '', '2_c0ffee', 'x']) {
      expect(dist.parseClaim(`backups/dist/claims/000042.${turn}.json`)).toBeUndefined();
    }
  });

  it('tells what an attempt has stored by its name, whichever attempt it is', () => {
    for (const turn of [1, 2, 10]) {
      expect(dist.splitTurn(ID, dist.file(ID, 'resumed-2/a', turn))).toEqual({ turn, name: 'files/resumed-2/a' });
      expect(dist.isIndexOf(ID, dist.relative(dist.index(ID, turn)))).toBe(true);
    }
    for (const key of [
      `data/${ID}/files/index.ndjson.zst`,
      'data/other/index.ndjson.zst',
      `data/${ID}/resumed-1/index.ndjson.zst`,
    ]) {
      expect(dist.isIndexOf(ID, key)).toBe(false);
    }
  });

  it('reads its records and pins back', () => {
    fc.assert(
      fc.property(anyKeysAndId, ([keys, parts]) => {
        expect(keys.parseRecord(keys.record(formatVersionId(parts)))).toEqual(parts);
        expect(keys.parsePin(keys.pin(parts.number))).toBe(parts.number);
      }),
      CASES,
    );
  });

  it('reads the inverse of relative keys back', () => {
    fc.assert(
      fc.property(anyKeysAndId, ([keys, parts]) => {
        const key = keys.index(formatVersionId(parts));
        expect(keys.absolute(keys.relative(key))).toBe(key);
      }),
      CASES,
    );
  });

  it('keeps every file below the data of its version, or names the problem', () => {
    fc.assert(
      fc.property(anyKeysAndId, fc.string({ unit: 'binary', maxLength: 1500 }), ([keys, parts], path) => {
        const id = formatVersionId(parts);
        if (pathProblem(path) !== undefined) {
          expect(() => keys.file(id, path)).toThrow();
          return;
        }
        expect(keys.file(id, path).startsWith(keys.dataPrefix(id))).toBe(true);
        expect(keyProblem(keys.file(id, path))).toBeUndefined();
      }),
      CASES,
    );
  });

  it('gives a path that is too long for a key one of its own, by its digest', () => {
    const id = 'dist_full_20261122T080910Z_000042';
    const room = MAX_KEY_BYTES - Buffer.byteLength(dist.filesPrefix(id));
    expect(dist.file(id, 'x'.repeat(room))).toBe(`${dist.filesPrefix(id)}${'x'.repeat(room)}`);
    expect(dist.file(id, 'x'.repeat(room + 1))).toMatch(/\/data\/dist_full_[^/]+\/long\/[0-9a-f]{64}$/);
    expect(dist.file(id, 'x'.repeat(room + 1))).not.toBe(dist.file(id, 'x'.repeat(room + 2)));
    expect(() => dist.file(id, `${'x'.repeat(room)}/../y`)).toThrow();
  });

  it.each([
    'backups/dist/claims/42.json',
    'backups/dist/claims/000042_XYZ.json',
    'backups/dist/claims/000042_.json',
    'backups/dist/claims/000042.json.bak',
    'backups/dist/claims/sub/000042.json',
    'backups/dist/claims/.json',
    'backups/dist/claims/',
    'backups/dist/000042.json',
    'backups/other/claims/000042.json',
    'dist/claims/000042.json',
    '',
  ])('does not take %j for a claim', (key) => {
    expect(dist.parseClaim(key)).toBeUndefined();
  });

  it.each([
    'backups/dist/versions/other_full_20261122T080910Z_000042.json',
    `backups/dist/versions/${ID}`,
    `backups/dist/versions/x/${ID}.json`,
    `backups/dist/versions/../versions/${ID}.json`,
    `backups/other/versions/${ID}.json`,
    'backups/dist/versions/latest.json',
  ])('does not take %j for a record', (key) => {
    expect(dist.parseRecord(key)).toBeUndefined();
  });

  it('takes no keys of a series whose name it begins with', () => {
    const longer = new SeriesKeys({ prefix: 'backups', series: 'dist2' });
    expect(dist.parseClaim(longer.claim({ number: 1 }))).toBeUndefined();
    expect(dist.parsePin(longer.pin(1))).toBeUndefined();
  });

  it.each(['../other/data/x', '', 'a//b'])('does not leave the series by way of %j', (relative) => {
    expect(() => dist.absolute(relative)).toThrow();
  });
});
