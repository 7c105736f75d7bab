import type { VersionLock } from '../series/lock.ts';
import { wholeNumber } from './fields.ts';
import { type InputReader, refused } from './reader.ts';

/** S3 takes a retention of up to 100 years (S3 User Guide, "Object Lock considerations"). */
const MAX_LOCK_DAYS = 36_500;

const MODES = { governance: 'GOVERNANCE', compliance: 'COMPLIANCE' } as const;

/**
 * @returns undefined where nothing is to be locked
 * @throws InputError
 */
export function readLockInputs(reader: InputReader): VersionLock | undefined {
  const mode = reader.optionalChoice('object-lock-mode', ['governance', 'compliance']);
  const days = reader.optional('object-lock-days', daysSchema);
  const legalHold = reader.flag('legal-hold');
  if (mode !== undefined && days !== undefined) return { legalHold, retention: { mode: MODES[mode], days } };
  if (mode !== undefined) {
    throw refused('object-lock-mode', mode, 'a lock has to end one day: set `object-lock-days` too');
  }
  if (days !== undefined) {
    const rule = 'it locks nothing without a mode: set `object-lock-mode` to `governance` or `compliance`';
    throw refused('object-lock-days', String(days), rule);
  }
  return legalHold ? { legalHold } : undefined;
}

const daysSchema = wholeNumber(1, MAX_LOCK_DAYS, 'so many days after it was made a version can be deleted again');
