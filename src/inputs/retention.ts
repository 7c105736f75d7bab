import type { RetentionPolicy } from '../retention/types.ts';
import { parsed, present, wholeNumber } from './fields.ts';
import { parseDuration } from './quantities.ts';
import type { InputReader } from './reader.ts';

/** More versions than six digits number. */
const MAX_KEEP_LAST = 999_999;
const MIN_ABANDONED_MS = 24 * 3_600_000;
const MAX_ABANDONED_MS = 3650 * 24 * 3_600_000;

/** How long versions are kept. */
export interface RetentionInputs {
  /** Without any rule nothing is ever deleted. */
  readonly policy: RetentionPolicy;
  /** In a versioned bucket: delete object versions themselves. */
  readonly pruneNoncurrent: boolean;
  /** Age in milliseconds from which a claim without a record belongs to a killed run. */
  readonly abandonedAfterMs: number;
}

/** @throws InputError */
export function readRetentionInputs(reader: InputReader): RetentionInputs {
  return {
    policy: present({ keepLast: reader.optional('keep-last', keepLastSchema) }),
    pruneNoncurrent: reader.flag('prune-noncurrent'),
    abandonedAfterMs: reader.read('abandoned-after', abandonedAfterSchema),
  };
}

const keepLastSchema = wholeNumber(
  1,
  MAX_KEEP_LAST,
  'the newest version is never deleted, and leaving it empty keeps all versions for ever',
);

const abandonedAfterSchema = parsed((value) => {
  const duration = parseDuration(value);
  return duration !== undefined && duration >= MIN_ABANDONED_MS && duration <= MAX_ABANDONED_MS ? duration : undefined;
}, 'it must be a number of hours, days or weeks from `24h` to `3650d`: write a time longer than any of your jobs lives, such as `7d`');
