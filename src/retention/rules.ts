import { InputError } from '../errors.ts';
import type { Calendar, Periods } from './calendar.ts';
import { keepTags } from './tag-rules.ts';
import type { RetentionPolicy, VersionFacts } from './types.ts';

/** One rule of a policy. Rules are OR-ed: a version stays if any rule has a reason to keep it. */
export interface Rule {
  /** @returns for each version, in the given order (newest first), why this rule keeps it, or undefined */
  reasons(newestFirst: readonly VersionFacts[]): readonly (string | undefined)[];
  /** Why it does not keep the others. */
  readonly otherwise: string;
  /** What a person marked outlives any age. */
  readonly ageless?: true;
}

/** A rule that keeps one version of each period, and what a period of it is called. */
interface PeriodRule {
  readonly input: string;
  readonly field: 'keepHourly' | 'keepDaily' | 'keepWeekly' | 'keepMonthly' | 'keepYearly';
  readonly period: keyof Periods;
  readonly name: string;
}

const PERIOD_RULES: readonly PeriodRule[] = [
  { input: 'keep-hourly', field: 'keepHourly', period: 'hour', name: 'hourly' },
  { input: 'keep-daily', field: 'keepDaily', period: 'day', name: 'daily' },
  { input: 'keep-weekly', field: 'keepWeekly', period: 'week', name: 'weekly' },
  { input: 'keep-monthly', field: 'keepMonthly', period: 'month', name: 'monthly' },
  { input: 'keep-yearly', field: 'keepYearly', period: 'year', name: 'yearly' },
];

const keepEverything: Rule = {
  reasons: (versions) => versions.map(() => 'no retention rule'),
  otherwise: '',
};

/** By number, which is the order of the series. */
function keepLast(count: number): Rule {
  return {
    reasons: (versions) => versions.map((_, index) => (index < count ? `last ${index + 1} of ${count}` : undefined)),
    otherwise: `beyond the last ${count}`,
  };
}

/** The newest of a period counts, and periods without a version do not count. */
function keepPeriods({ period, name }: PeriodRule, count: number, calendar: Calendar): Rule {
  return {
    reasons(versions) {
      const seen = new Set<string>();
      const reasons = new Map<VersionFacts, string>();
      for (const version of latestFirst(versions)) {
        const bucket = calendar.periods(version.time)[period];
        if (seen.has(bucket)) continue;
        seen.add(bucket);
        reasons.set(version, `${name} ${bucket} (${seen.size} of ${count})`);
        if (seen.size === count) break;
      }
      return versions.map((version) => reasons.get(version));
    },
    otherwise: `not the newest of one of the last ${count} ${period}s`,
  };
}

/** Seen from the latest version, so that a pipeline that stopped does not erase its history. */
function keepWithin(span: NonNullable<RetentionPolicy['keepWithin']>, calendar: Calendar): Rule {
  return {
    reasons(versions) {
      const [latest] = latestFirst(versions);
      const limit = latest && calendar.before(latest.time, span);
      const isWithin = ({ time }: VersionFacts) => limit !== undefined && time > limit;
      return versions.map((version) => (isWithin(version) ? `within ${span.text} of the newest` : undefined));
    },
    otherwise: `not within ${span.text} of the newest`,
  };
}

/** By time; equal times keep the order of the numbers. Times and numbers part only where somebody made up a version. */
function latestFirst(newestFirst: readonly VersionFacts[]): VersionFacts[] {
  return newestFirst.toSorted((a, b) => b.time.getTime() - a.time.getTime());
}

/**
 * The rules of a policy; a policy without any, but for an age, keeps everything.
 * @throws InputError for a rule that is out of range
 */
export function rulesOf(policy: RetentionPolicy, calendar: Calendar): readonly Rule[] {
  const { keepLast: last, keepWithin: within, keepTags: tags } = policy;
  const rules = [
    ...(last === undefined ? [] : [keepLast(counted('keep-last', last))]),
    ...PERIOD_RULES.flatMap((rule) => {
      const count = policy[rule.field];
      return count === undefined ? [] : [keepPeriods(rule, counted(rule.input, count), calendar)];
    }),
    ...(within === undefined ? [] : [keepWithin(within, calendar)]),
    ...(tags === undefined ? [] : [keepTags(tags)]),
  ];
  return rules.length === 0 ? [keepEverything] : rules;
}

function counted(input: string, count: number): number {
  if (Number.isSafeInteger(count) && count >= 1) return count;
  throw new InputError(
    input,
    `${input} is ${count}, but it must be an integer of at least 1; leave it out for no such rule.`,
  );
}

/** Whether a policy has a rule at all, or a limit; one without any keeps everything. */
export function hasRules(policy: RetentionPolicy): boolean {
  return Object.values(policy).some((rule) => rule !== undefined);
}
