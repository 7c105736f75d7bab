import { describe, expect, it } from '@jest/globals';
import { checkBase } from '../../src/series/base-check.ts';
import { KEYS, TIME } from './series-fixture.ts';

const BASE = 'dist_full_20261122T080910Z_000040';
const MIDDLE = 'dist_incremental_20261122T080911Z_000041';
const versions = [
  { id: BASE, number: 40, type: 'full' as const, time: TIME },
  { id: MIDDLE, number: 41, type: 'incremental' as const, time: TIME },
];

describe('checkBase', () => {
  it('is content while the record is there', () => {
    expect(() => checkBase(versions, BASE, KEYS)).not.toThrow();
    expect(() => checkBase(versions, MIDDLE, KEYS)).not.toThrow();
  });

  it('says that the base is gone where only others are there', () => {
    expect(() => checkBase(versions.slice(0, 1), MIDDLE, KEYS)).toThrow(
      expect.objectContaining({
        message: `The version ${MIDDLE}, which this one was to build on, was pruned meanwhile.`,
        details: expect.objectContaining({
          class: 'lost-race',
          operation: 'check base',
          key: KEYS.record(MIDDLE),
        }),
      }),
    );
  });
});
