import { keptUntil, promisesDate } from '../retention/kept-until.ts';
import type { LockLength, VersionLock } from '../series/lock.ts';
import { wholeNumber } from './fields.ts';
import { type InputReader, refused } from './reader.ts';
import type { RetentionInputs } from './retention.ts';

/** S3 takes a retention of up to 100 years (S3 User Guide, "Object Lock considerations"). */
const MAX_LOCK_DAYS = 36_500;
const DAY_MS = 24 * 60 * 60 * 1000;
/** Of a year without daylight saving and leap days. */
const ORDINARY_TIME = new Date('2026-01-01T00:00:00Z');

const MODES = { governance: 'GOVERNANCE', compliance: 'COMPLIANCE' } as const;

/**
 * @param rules by which the versions of the series are kept, also where this run does not prune
 * @returns undefined where nothing is to be locked
 * @throws InputError
 */
export function readLockInputs(reader: InputReader, rules: RetentionInputs): VersionLock | undefined {
  const mode = reader.optionalChoice('object-lock-mode', ['governance', 'compliance']);
  const length = readLength(reader, rules);
  const legalHold = reader.flag('legal-hold');
  if (mode !== undefined && length !== undefined) return { legalHold, retention: { mode: MODES[mode], length } };
  if (mode !== undefined) {
    const rule = 'a lock has to end one day: set `object-lock-days`, or `retain-until` to `policy`';
    throw refused('object-lock-mode', mode, rule);
  }
  if (length !== undefined) {
    const [input, value] = 'days' in length ? ['object-lock-days', String(length.days)] : ['retain-until', 'policy'];
    const rule = 'it locks nothing without a mode: set `object-lock-mode` to `governance` or `compliance`';
    throw refused(input, value, rule);
  }
  return legalHold ? { legalHold } : undefined;
}

function readLength(reader: InputReader, { policy, timezone }: RetentionInputs): LockLength | undefined {
  const days = reader.optional('object-lock-days', daysSchema);
  const until = reader.optionalChoice('retain-until', ['policy']);
  if (until === undefined) return days === undefined ? undefined : { days };
  if (days !== undefined) {
    throw refused('retain-until', until, '`object-lock-days` already says how long: leave one of them out');
  }
  if (!promisesDate(policy)) {
    const rule = 'no rule promises to keep a version until a date: set `keep-within`, or `object-lock-days` instead';
    throw refused('retain-until', until, rule);
  }
  const end = keptUntil(policy, ORDINARY_TIME, timezone)?.getTime() ?? 0;
  if (end - ORDINARY_TIME.getTime() < DAY_MS - 1000) {
    throw refused(
      'retain-until',
      until,
      'the rules keep a version for less than a day: set `object-lock-days` instead',
    );
  }
  return { policy, timezone };
}

const daysSchema = wholeNumber(1, MAX_LOCK_DAYS, 'so many days after it was made a version can be deleted again');
