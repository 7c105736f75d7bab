import { InputError } from '../errors.ts';

const SECOND_MS = 1000;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** ISO 8601: a week belongs to the year that has its Thursday. */
const THURSDAY = 4;

/** A length of time by the calendar. */
export interface Span {
  readonly years: number;
  readonly months: number;
  readonly days: number;
  readonly hours: number;
  /** As it was given: `1y6m`. */
  readonly text: string;
}

/** What one instant is called in the periods of a calendar; each name is of one period only. */
export interface Periods {
  /** `2026-11-22 03h +01:00`: an hour that the end of summer time brings twice is two hours. */
  readonly hour: string;
  /** `2026-11-22` */
  readonly day: string;
  /** ISO 8601: `2026-W47` */
  readonly week: string;
  /** `2026-11` */
  readonly month: string;
  /** `2026` */
  readonly year: string;
}

/** The calendar of one time zone. Pure: the zone's rules are the runtime's, and no clock is asked. */
export class Calendar {
  readonly timezone: string;
  readonly #format: Intl.DateTimeFormat;
  /** Every rule asks for the same instants. */
  readonly #periods = new Map<number, Periods>();

  /** @throws InputError for a name that is no zone of the IANA database */
  constructor(timezone: string) {
    this.timezone = timezone;
    this.#format = formatterOf(timezone);
  }

  periods(instant: Date): Periods {
    const known = this.#periods.get(instant.getTime());
    if (known !== undefined) return known;
    const periods = this.#periodsOf(instant);
    this.#periods.set(instant.getTime(), periods);
    return periods;
  }

  #periodsOf(instant: Date): Periods {
    const local = this.#local(instant);
    const day = isoDate(local);
    return {
      hour: `${day} ${digits(local.getUTCHours(), 2)}h ${offsetText(local.getTime() - wholeSecond(instant))}`,
      day,
      week: isoWeek(local),
      month: day.slice(0, -'-dd'.length),
      year: day.slice(0, -'-mm-dd'.length),
    };
  }

  /**
   * The instant a span earlier: first years and months, where a day that the month lacks becomes its last one
   * (a month before 31 March is 28 February), then calendar days, then hours by the clock.
   */
  before(instant: Date, { years, months, days, hours }: Span): Date {
    const local = this.#local(instant);
    const month = monthsEarlier(local, years * 12 + months);
    const wanted = month.getTime() - days * DAY_MS;
    const rest = instant.getTime() - wholeSecond(instant);
    return new Date(this.#instant(wanted) + rest - hours * HOUR_MS);
  }

  /** The wall clock's time, in the fields of UTC; whole seconds. */
  #local(instant: Date): Date {
    if (this.timezone === 'UTC') return new Date(wholeSecond(instant));
    const field = new Map(this.#format.formatToParts(instant).map(({ type, value }) => [type, Number(value)]));
    const get = (type: Intl.DateTimeFormatPartTypes) => field.get(type) ?? 0;
    return utc(get('year'), get('month') - 1, get('day'), get('hour'), get('minute'), get('second'));
  }

  /** The inverse of {@link #local}; a time that the clock skips is read by the offset before the skip. */
  #instant(localMs: number): number {
    const offsetAt = (ms: number) => this.#local(new Date(ms)).getTime() - ms;
    const first = localMs - offsetAt(localMs);
    return localMs - offsetAt(first);
  }
}

/**
 * Whether `timezone` is a name of the IANA database that this runtime knows; `+01:00` is not one. UTC, which every step
 * has unless told otherwise, is answered without the runtime's tables: loading them takes longer than most requests.
 */
export function isTimezone(timezone: string): boolean {
  if (timezone === 'UTC') return true;
  try {
    return /^[A-Za-z]/.test(timezone) && new Intl.DateTimeFormat('en', { timeZone: timezone }) !== undefined;
  } catch {
    return false;
  }
}

/** Making a formatter costs a thousand times what using it does. */
const FORMATTERS = new Map<string, Intl.DateTimeFormat>();

function formatterOf(timezone: string): Intl.DateTimeFormat {
  const known = FORMATTERS.get(timezone);
  if (known !== undefined) return known;
  if (!isTimezone(timezone)) {
    throw new InputError('timezone', `timezone is ${JSON.stringify(timezone)}, but it must be a name such as UTC.`);
  }
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: timezone,
    calendar: 'gregory',
    numberingSystem: 'latn',
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  FORMATTERS.set(timezone, format);
  return format;
}

/** `Date.UTC` takes a year below 100 for one of the twentieth century. */
function utc(year: number, month: number, day: number, hour = 0, minute = 0, second = 0): Date {
  const date = new Date(Date.UTC(2000, month, day, hour, minute, second));
  date.setUTCFullYear(year, month, day);
  return date;
}

function monthsEarlier(local: Date, months: number): Date {
  const total = local.getUTCFullYear() * 12 + local.getUTCMonth() - months;
  const [year, month] = [Math.floor(total / 12), total - Math.floor(total / 12) * 12];
  const lastDay = utc(year, month + 1, 0).getUTCDate();
  const day = Math.min(local.getUTCDate(), lastDay);
  return utc(year, month, day, local.getUTCHours(), local.getUTCMinutes(), local.getUTCSeconds());
}

function isoWeek(local: Date): string {
  const date = utc(local.getUTCFullYear(), local.getUTCMonth(), local.getUTCDate());
  const thursday = new Date(date.getTime() + (THURSDAY - (date.getUTCDay() || 7)) * DAY_MS);
  const year = thursday.getUTCFullYear();
  const week = Math.floor((thursday.getTime() - utc(year, 0, 1).getTime()) / (7 * DAY_MS)) + 1;
  return `${digits(year, 4)}-W${digits(week, 2)}`;
}

function isoDate(local: Date): string {
  return [digits(local.getUTCFullYear(), 4), digits(local.getUTCMonth() + 1, 2), digits(local.getUTCDate(), 2)].join(
    '-',
  );
}

function digits(number: number, width: number): string {
  return String(number).padStart(width, '0');
}

function wholeSecond(instant: Date): number {
  return Math.floor(instant.getTime() / SECOND_MS) * SECOND_MS;
}

function offsetText(offsetMs: number): string {
  const minutes = Math.round(Math.abs(offsetMs) / 60_000);
  return `${offsetMs < 0 ? '-' : '+'}${digits(Math.floor(minutes / 60), 2)}:${digits(minutes % 60, 2)}`;
}
