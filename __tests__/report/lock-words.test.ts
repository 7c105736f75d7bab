import { expect, it } from '@jest/globals';
import { lockWords } from '../../src/report/lock-words.ts';

const retained = { mode: 'GOVERNANCE', retainUntil: '2026-12-20T03:15:00.000Z' } as const;

it.each([
  [{ ...retained, legalHold: false }, 'locked until 2026-12-20 03:15:00 UTC (GOVERNANCE)'],
  [{ ...retained, legalHold: true }, 'locked until 2026-12-20 03:15:00 UTC (GOVERNANCE) and under legal hold'],
  [{ legalHold: true }, 'under legal hold'],
  [{ legalHold: false }, ''],
])('says what holds a version: %j', (lock, words) => {
  expect(lockWords(lock)).toBe(words);
});
