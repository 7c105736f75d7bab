import { Calendar, type Span } from './calendar.ts';
import type { RetentionPolicy } from './types.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** More than a month, a year or a day can have. */
const LONGEST = { yearDays: 366, monthDays: 31, dayHours: 26 };
/** A calendar that puts its clocks back counts some hours twice: no span ends that much before its time. */
const DAYLIGHT_SAVING_MS = 2 * HOUR_MS;
const PRECISION_MS = 1000;

/**
 * Until when a policy is sure to keep a version, whatever versions come after it: what `keep-within` keeps, and what
 * `max-age` by itself keeps, but no longer than `max-age`. Counts promise no date: they depend on how many versions come.
 *
 * @param time of the version
 * @returns undefined where no rule promises a date
 */
export function keptUntil(policy: RetentionPolicy, time: Date, timezone: string): Date | undefined {
  const { keepWithin, maxAge } = policy;
  const spans = [keepWithin, maxAge].filter((span) => span !== undefined);
  if (!promisesDate(policy)) return undefined;
  const calendar = new Calendar(timezone);
  const ends = spans.map((span) => endOf(span, time, calendar).getTime());
  return new Date(Math.min(...ends));
}

/** Whether {@link keptUntil} knows a date. */
export function promisesDate({ keepWithin, maxAge, ...others }: RetentionPolicy): boolean {
  if (keepWithin !== undefined) return true;
  return maxAge !== undefined && Object.values(others).every((rule) => rule === undefined);
}

/** The last instant of which the span before it still reaches `time`, rounded down. */
function endOf(span: Span, time: Date, calendar: Calendar): Date {
  const reaches = (instant: number) => calendar.before(new Date(instant), span) < time;
  let early = time.getTime();
  let late = early + longest(span);
  while (late - early > PRECISION_MS) {
    const middle = early + Math.floor((late - early) / 2);
    if (reaches(middle)) early = middle;
    else late = middle;
  }
  const isByClock = calendar.timezone === 'UTC' || span.years + span.months + span.days === 0;
  return new Date(isByClock ? early : Math.max(time.getTime(), early - DAYLIGHT_SAVING_MS));
}

function longest({ years, months, days, hours }: Span): number {
  const allDays = years * LONGEST.yearDays + months * LONGEST.monthDays + days + 2;
  return allDays * LONGEST.dayHours * HOUR_MS + hours * HOUR_MS + DAY_MS;
}
