import { parseVersionId } from './version-id.ts';

/** One thing that a text can mean where a version is asked for. */
export type VersionSelector =
  | { readonly kind: 'latest' }
  | { readonly kind: 'id'; readonly id: string }
  | { readonly kind: 'number'; readonly number: number }
  | { readonly kind: 'run'; readonly runId: string }
  /** The newest version made at this instant or before it. */
  | { readonly kind: 'time'; readonly atOrBefore: Date }
  /** Lower case, 7 to 64 hex digits. */
  | { readonly kind: 'commit'; readonly prefix: string };

/** What can stand in the input `version`, for messages. */
export const SELECTOR_FORMS =
  '`latest`, a number, a version ID, a commit SHA of 7 or more digits, `run:<id>`, or a UTC date or time such as `2026-11-20` or `2026-11-20T08:00Z`';

/** At most 15 digits (`version-id.ts`), or six with zeros before them, as keys and IDs show it: no commit is as short. */
const NUMBER = /^(?:[1-9]\d{0,14}|(?=\d{1,6}$)0+[1-9]\d*)$/;
const RUN = /^run:(\d{1,20})$/;
/** 40 digits of SHA-1, 64 of SHA-256. */
const COMMIT = /^[0-9a-f]{7,64}$/i;
const DATE = /^(\d{4}-\d{2}-\d{2})$/;
const TIME = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?)(Z|[+-]\d{2}:\d{2})?$/;
const DAY_MS = 24 * 3_600_000;

/**
 * The meanings of a text, in the order in which they are tried: an exact one first, so that `1234567` is version 1234567
 * if there is one, else the commit. Empty for a text that can mean none.
 *
 * A date is a whole day in UTC, so `2026-11-20` is the newest version up to the end of that day; a time without a zone is
 * in UTC.
 */
export function parseVersionSelector(text: string): readonly VersionSelector[] {
  if (text === 'latest') return [{ kind: 'latest' }];
  const meanings: readonly (VersionSelector | undefined)[] = [
    parseVersionId(text) && { kind: 'id', id: text },
    NUMBER.test(text) ? { kind: 'number', number: Number(text) } : undefined,
    runOf(text),
    timeOf(text),
    COMMIT.test(text) ? { kind: 'commit', prefix: text.toLowerCase() } : undefined,
  ];
  return meanings.filter((meaning) => meaning !== undefined);
}

function runOf(text: string): VersionSelector | undefined {
  const runId = RUN.exec(text)?.[1];
  return runId === undefined ? undefined : { kind: 'run', runId };
}

function timeOf(text: string): VersionSelector | undefined {
  const [, day] = DATE.exec(text) ?? [];
  if (day !== undefined) {
    const start = instant(day, '00:00', 'Z');
    return start && { kind: 'time', atOrBefore: new Date(start.getTime() + DAY_MS - 1) };
  }
  const [, date, time, zone = 'Z'] = TIME.exec(text) ?? [];
  const atOrBefore = date && time ? instant(date, time, zone) : undefined;
  return atOrBefore && { kind: 'time', atOrBefore };
}

/** Undefined for a day or an hour that does not exist: JavaScript would make March of February 30. */
function instant(date: string, time: string, zone: string): Date | undefined {
  const exists = new Date(`${date}T00:00Z`);
  if (Number.isNaN(exists.getTime()) || !exists.toISOString().startsWith(date)) return undefined;
  const result = new Date(`${date}T${time}${zone}`);
  return Number.isNaN(result.getTime()) ? undefined : result;
}
