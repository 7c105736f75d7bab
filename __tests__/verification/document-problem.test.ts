import { describe, expect, it } from '@jest/globals';
import { encodeRecord, parseRecord } from '../../src/series/record.ts';
import { bytesProblem, claimProblem, recordProblem, totalsProblem } from '../../src/verification/document-problem.ts';
import { ID, KEYS, RECORD, RUN, TIME } from '../series/series-fixture.ts';

const record = parseRecord(encodeRecord(RECORD), KEYS.record(ID), ID);
const version = { id: ID, number: 42, type: 'full', time: TIME } as const;
const { id, number, nonce, run, leansOn } = RECORD;
const BASE = 'dist_full_20261122T080910Z_000040';
const claim = { format: 1, id, number, nonce, run, leansOn } as const;

describe('bytesProblem', () => {
  it('has nothing against a document as it was written, unknown fields included', () => {
    expect(bytesProblem(encodeRecord(RECORD))).toBeUndefined();
    expect(bytesProblem(encodeRecord(Object.assign({ newer: { field: [1.5, 'ü'] } }, RECORD)))).toBeUndefined();
  });

  it.each([
    ['a space more', (text: string) => text.replace('"id": ', '"id":  ')],
    ['no newline at its end', (text: string) => text.trimEnd()],
    ['a field twice', (text: string) => text.replace('{', '{\n  "id": "other",')],
    ['a character written in another way', (text: string) => text.replace('acme', '\\u0061cme')],
  ])('sees %s', (_, change) => {
    expect(bytesProblem(Buffer.from(change(encodeRecord(RECORD).toString())))).toBe(
      'its bytes are not as they were written',
    );
  });
});

describe('recordProblem', () => {
  it('has nothing against the record of the version', () => {
    expect(recordProblem(record, version, 'dist')).toBeUndefined();
  });

  it.each([
    ['series', { series: 'dist2' }],
    ['number', { number: 43 }],
    ['type', { type: 'incremental' }],
    ['time', { time: '2026-11-22T08:09:11.000Z' }],
  ])('names the field %s where it is not what the key says', (name, fields) => {
    expect(recordProblem(Object.assign({ ...record }, fields), version, 'dist')).toMatch(
      new RegExp(`^its \`${name}\` is .*, but its key says `),
    );
  });
});

describe('claimProblem', () => {
  it('has nothing against the claim of the version', () => {
    expect(claimProblem(claim, record)).toBeUndefined();
  });

  it.each([
    ['id', { id: 'other' }],
    ['number', { number: 43 }],
    ['nonce', { nonce: 'other' }],
    ['run', { run: { ...RUN, actor: 'mallory' } }],
  ])('names the field %s where it differs', (name, fields) => {
    expect(claimProblem({ ...claim, ...fields }, record)).toBe(`its \`${name}\` is not that of the record`);
  });

  it.each([
    ['that a full version names', 'full', [BASE], []],
    ['that the record has and the claim does not', 'incremental', [], [BASE]],
    ['of another series', 'incremental', ['other_full_20261122T080910Z_000041'], []],
  ] as const)('sees a base %s', (_, type, claimed, recorded) => {
    const problem = claimProblem({ ...claim, leansOn: claimed }, { ...record, type, leansOn: recorded });
    expect(problem).toBe('its `leansOn` does not fit that of the record');
  });

  it('has nothing against bases that came to be referred to in part', () => {
    const both = [BASE, 'dist_incremental_20261122T080910Z_000041'];
    const leaning = { ...record, type: 'incremental' as const, leansOn: [BASE] };
    expect(claimProblem({ ...claim, leansOn: both }, leaning)).toBeUndefined();
  });
});

describe('totalsProblem', () => {
  it.each(['files', 'symlinks', 'directories', 'bytes'] as const)('compares %s', (name) => {
    expect(totalsProblem(record, RECORD.totals)).toBeUndefined();
    const found = RECORD.totals[name] + 1;
    expect(totalsProblem(record, { ...RECORD.totals, [name]: found })).toBe(
      `it counts ${RECORD.totals[name]} ${name}, but the index has ${found}`,
    );
  });
});
