import { isTimezone } from '../retention/calendar.ts';
import type { MaxDelete } from '../retention/guards.ts';
import type { RetentionPolicy } from '../retention/types.ts';
import { parsed, text } from './fields.ts';
import { parseDuration } from './quantities.ts';
import type { InputReader } from './reader.ts';
import { readPolicy } from './retention-policy.ts';

const MIN_ABANDONED_MS = 24 * 3_600_000;
const MAX_ABANDONED_MS = 3650 * 24 * 3_600_000;

/** How long versions are kept. */
export interface RetentionInputs {
  /** Without any rule nothing is ever deleted. */
  readonly policy: RetentionPolicy;
  /** IANA name of the zone by whose calendar days, weeks and so on are told apart. */
  readonly timezone: string;
  /** What one prune may remove at most; more, and it removes nothing. */
  readonly maxDelete: MaxDelete;
  /** In a versioned bucket: delete object versions themselves. */
  readonly pruneNoncurrent: boolean;
  /** Age in milliseconds from which a claim without a record belongs to a killed run. */
  readonly abandonedAfterMs: number;
}

/** @throws InputError */
export function readRetentionInputs(reader: InputReader): RetentionInputs {
  return {
    policy: readPolicy(reader),
    timezone: reader.read('timezone', timezoneSchema),
    maxDelete: reader.read('max-delete', maxDeleteSchema),
    pruneNoncurrent: reader.flag('prune-noncurrent'),
    abandonedAfterMs: reader.read('abandoned-after', abandonedAfterSchema),
  };
}

const timezoneSchema = text((value) =>
  isTimezone(value)
    ? undefined
    : 'it must be a zone of the IANA database: write, for example, `UTC` or `Europe/Berlin`',
);

const maxDeleteSchema = parsed(
  parseMaxDelete,
  'it must be a number of versions from 1, or a share from `1%` to `100%`: write, for example, `10` or `50%`',
);

function parseMaxDelete(value: string): MaxDelete | undefined {
  const [, digits = '', sign] = /^(\d{1,6})(%?)$/.exec(value) ?? [];
  const number = Number(digits);
  if (digits === '' || number < 1) return undefined;
  if (sign === '') return { kind: 'versions', count: number };
  return number <= 100 ? { kind: 'percent', percent: number } : undefined;
}

const abandonedAfterSchema = parsed((value) => {
  const duration = parseDuration(value);
  return duration !== undefined && duration >= MIN_ABANDONED_MS && duration <= MAX_ABANDONED_MS ? duration : undefined;
}, 'it must be a number of hours, days or weeks from `24h` to `3650d`: write a time longer than any of your jobs lives, such as `7d`');
