import type { Span } from '../retention/calendar.ts';
import { hasRules } from '../retention/rules.ts';
import type { RetentionPolicy, TagRule } from '../retention/types.ts';
import { parsed, present, wholeNumber } from './fields.ts';
import { type InputReader, refused } from './reader.ts';

/** More versions than six digits number. */
const MAX_COUNT = 999_999;

/** Inputs that count versions, and the rule each gives. */
const COUNTS = {
  'keep-last': 'keepLast',
  'keep-hourly': 'keepHourly',
  'keep-daily': 'keepDaily',
  'keep-weekly': 'keepWeekly',
  'keep-monthly': 'keepMonthly',
  'keep-yearly': 'keepYearly',
} as const;

type Counts = Pick<RetentionPolicy, (typeof COUNTS)[keyof typeof COUNTS]>;

/**
 * The rules that were given. A count of 0 is no rule, as in restic, but a policy of nothing else is refused: it would
 * keep nothing.
 * @throws InputError
 */
export function readPolicy(reader: InputReader): RetentionPolicy {
  const { counts, zero } = readCounts(reader);
  const keepTags = reader.lines('keep-tag').map(parseTagRule);
  const policy: RetentionPolicy = {
    ...counts,
    ...present({
      keepWithin: reader.optional('keep-within', spanSchema),
      keepTags: keepTags.length === 0 ? undefined : keepTags,
      maxAge: reader.optional('max-age', spanSchema),
    }),
  };
  if (zero !== undefined && !hasRules(policy)) {
    const rule = 'no other rule is given, and this one keeps nothing: write how many versions to keep, such as `14`';
    throw refused(zero, '0', rule);
  }
  return policy;
}

/** @returns `zero`: the first input that is 0 */
function readCounts(reader: InputReader): { readonly counts: Counts; readonly zero: string | undefined } {
  const read = Object.entries(COUNTS).map(([input, field]) => ({
    input,
    field,
    count: reader.optional(input, countSchema),
  }));
  const given = read.filter(({ count }) => count !== undefined && count > 0);
  return {
    counts: Object.fromEntries(given.map(({ field, count }) => [field, count])),
    zero: read.find(({ count }) => count === 0)?.input,
  };
}

const countSchema = wholeNumber(
  0,
  MAX_COUNT,
  'write how many versions to keep, or leave it empty for no such rule; the newest version is never deleted',
);

const SPAN = /^(?:(\d{1,4})y)?(?:(\d{1,5})m)?(?:(\d{1,5})w)?(?:(\d{1,6})d)?(?:(\d{1,6})h)?$/;
/** Back to a year that every calendar has. */
const MAX_SPAN_YEARS = 1000;
const DAYS_PER_YEAR = 365;

/** `1y6m`: years, months (`m`), weeks, days and hours, in this order. */
export function parseSpan(text: string): Span | undefined {
  const [years = 0, months = 0, weeks = 0, days = 0, hours = 0] = (SPAN.exec(text) ?? [])
    .slice(1)
    .map((digits) => Number(digits ?? 0));
  const span = { years, months, days: weeks * 7 + days, hours, text };
  const roughYears = years + months / 12 + (span.days + hours / 24) / DAYS_PER_YEAR;
  return roughYears > 0 && roughYears <= MAX_SPAN_YEARS ? span : undefined;
}

const spanSchema = parsed(
  parseSpan,
  'it must be years, months, weeks, days and hours in this order: write, for example, `7d`, `36h` or `1y6m`',
);

/** `key=value`, or `key` for any value. */
function parseTagRule(line: string): TagRule {
  const separator = line.indexOf('=');
  const key = (separator === -1 ? line : line.slice(0, separator)).trim();
  if (key === '') throw refused('keep-tag', line, 'a tag is `key=value`, or `key` for any value: write the key');
  return separator === -1 ? { key } : { key, value: line.slice(separator + 1).trim() };
}
