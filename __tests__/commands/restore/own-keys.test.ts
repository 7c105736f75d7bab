import { describe, expect, it } from '@jest/globals';
import { ownIndex, ownKeys } from '../../../src/commands/restore/own-keys.ts';
import type { VersionRecord } from '../../../src/series/record.ts';
import { ID, KEYS, RECORD } from '../../series/series-fixture.ts';

const BASE = 'dist_full_20261101T000000Z_000001';
const record: VersionRecord = { format: 1, ...RECORD, leansOn: [BASE] };

describe('ownKeys', () => {
  const isOwn = ownKeys(record, KEYS);

  it.each([`data/${ID}/files/a`, `data/${ID}/packs/0001.tar.zst`, `data/${BASE}/files/a/b`])('takes %j', (key) => {
    expect(isOwn(key)).toBe(true);
  });

  it.each([
    '',
    `data/${ID}`,
    `data/${ID}/`,
    `data/${ID}/../x`,
    `data/${ID}0/x`,
    `x/data/${ID}/a`,
    'data/../a',
    'versions/x.json',
  ])('refuses %j', (key) => {
    expect(isOwn(key)).toBe(false);
  });

  it('believes no record that leans on what is no version of its series', () => {
    const leansOn = ['', '..', '../../other', 'other_full_20261101T000000Z_000001', 'x'];
    const lying = ownKeys({ ...record, leansOn }, KEYS);
    for (const base of leansOn) expect(lying(`data/${base}/files/a`)).toBe(false);
    expect(lying('data/files/a')).toBe(false);
  });
});

describe('ownIndex', () => {
  it('is the one below the version', () => {
    expect(ownIndex(record, KEYS)).toBe(record.index);
    const other = { ...record, index: { ...record.index, key: `data/${BASE}/index.ndjson.zst` } };
    expect(() => ownIndex(other, KEYS)).toThrow(/names an index that is not its own/);
  });
});
