import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { digestProblem, encodeRecord, parseRecord } from '../../src/series/record.ts';
import { failure, ID, KEYS, RECORD, RUN } from './series-fixture.ts';

const key = KEYS.record(ID);
const DOCUMENT = { format: 1, ...RECORD } as const;

const parse = (document: object) => parseRecord(Buffer.from(JSON.stringify(document)), key, ID);

describe('a record', () => {
  it('comes back as it was written, untouched', () => {
    expect(parseRecord(encodeRecord(RECORD), key, ID)).toEqual(DOCUMENT);
  });

  it('may have fields this code does not know', () => {
    const newer = { ...DOCUMENT, packs: [], totals: { ...RECORD.totals, packs: 1 }, index: { ...RECORD.index, x: 1 } };
    expect(parse(newer)).toEqual(DOCUMENT);
  });

  it('is refused in a newer format', () => {
    const message = `The record "${key}" cannot be used: it has format 2 and this version of the tool reads up to 1; use a newer one.`;
    expect(() => parse({ ...DOCUMENT, format: 2 })).toThrow(failure('permanent', message));
  });

  it('is refused under the key of another version', () => {
    const other = 'dist_full_20261122T080910Z_000043';
    const refused = failure('permanent', `The record "${key}" cannot be used: it says it is another version.`, {
      expected: ID,
      found: other,
      key,
    });
    expect(() => parse({ ...DOCUMENT, id: other })).toThrow(refused);
  });

  it.each([
    ['number', 0],
    ['number', 2 ** 53],
    ['type', 'differential'],
    ['time', '2026-11-22'],
    ['time', '2026-11-22T08:09:10+01:00'],
    ['committed', 'yesterday'],
    ['run', { ...RUN, commit: 1 }],
    ['tags', { team: 1 }],
    ['tags', ['team']],
    ['selection', { path: 'dist/**' }],
    ['totals', { ...RECORD.totals, bytes: -1 }],
    ['totals', { ...RECORD.totals, files: 0.5 }],
    ['index', { ...RECORD.index, sha256: 'AB'.repeat(32) }],
    ['index', { ...RECORD.index, sha256: 'ab'.repeat(31) }],
    ['index', { ...RECORD.index, bytes: '99' }],
    ['leansOn', null],
    ['tool', 'versioned-s3-backup'],
  ])('is refused with %s = %j', (field, value) => {
    expect(() => parse({ ...DOCUMENT, [field]: value })).toThrow(failure('permanent', new RegExp(`used: ${field}`)));
  });

  it.each(Object.keys(RECORD))('is refused without %s', (field) => {
    expect(() => parse({ ...DOCUMENT, [field]: undefined })).toThrow(
      failure('permanent', new RegExp(`used: ${field}`)),
    );
  });

  it.each([
    ['number', RECORD.number + 1],
    ['series', 'other'],
    ['type', 'incremental'],
    ['time', '2020-01-01T00:00:00.000Z'],
  ])('is refused when its %s is not that of its ID', (field, value) => {
    expect(() => parse({ ...DOCUMENT, [field]: value })).toThrow(failure('permanent', /says it is another version/));
  });

  it.each([
    ['no JSON', Buffer.from('<Error/>')],
    ['no UTF-8', Buffer.from(JSON.stringify(DOCUMENT).replace('octocat', '\xfc'), 'latin1')],
  ])('is refused as %s', (_what, bytes) => {
    expect(() => parseRecord(bytes, key, ID)).toThrow(failure('permanent', /it is not JSON/));
  });
});

describe('the digest of a record', () => {
  const bytes = encodeRecord(RECORD);

  it('is the last field, and that of the document without it', () => {
    const { sha256, ...document } = JSON.parse(bytes.toString());
    const text = `${JSON.stringify(document, null, 2)}\n`;
    expect(sha256).toBe(createHash('sha256').update(text).digest('hex'));
    expect(digestProblem(bytes)).toBeUndefined();
  });

  it('covers every byte', () => {
    for (const index of bytes.keys()) {
      const flipped = Uint8Array.from(bytes, (byte, at) => (at === index ? byte ^ 1 : byte));
      expect(digestProblem(flipped)).toBeDefined();
    }
  });
});
