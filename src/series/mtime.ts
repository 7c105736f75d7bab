const NANOSECONDS_PER_SECOND = 1_000_000_000n;

/** The last second a `Date` can hold (ECMA-262, "Time Values and Time Range"); some file systems hold more. */
const MAX_SECONDS = 8_640_000_000_000n;

/** Nanoseconds since the epoch → RFC 3339 in UTC, fraction only as long as it has to be: `2026-11-22T13:34:00.5Z`. */
export function formatMtime(ns: bigint): string {
  const towardsZero = ns / NANOSECONDS_PER_SECOND;
  const remainder = Number(ns - towardsZero * NANOSECONDS_PER_SECOND);
  // A fraction counts forward, before the epoch too.
  const seconds = remainder < 0 ? towardsZero - 1n : towardsZero;
  const fraction = remainder < 0 ? remainder + 1e9 : remainder;
  const whole = new Date(Number(clamp(seconds)) * 1000).toISOString().slice(0, -'.000Z'.length);
  if (fraction === 0) return `${whole}Z`;
  return `${whole}.${fraction.toString().padStart(9, '0').replace(/0+$/, '')}Z`;
}

const MTIME = /^([+-]?\d{4,6}-\d\d-(\d\d)T(\d\d):\d\d:\d\d)(?:\.(\d{1,9}))?Z$/;

const PLAIN_LENGTH = '2026-11-22T13:34:00'.length;

/** The inverse of {@link formatMtime}; undefined for other text. */
export function parseMtime(text: string): bigint | undefined {
  const [match, whole = '', day = '', hour = '', fraction = ''] = MTIME.exec(text) ?? [];
  const seconds = Date.parse(`${whole}Z`) / 1000;
  if (match === undefined || Number.isNaN(seconds)) return undefined;
  // `Date` takes 30 February for 1 March, 24:00 for the next day, and years of six digits that need only four.
  const isPlain = whole.length === PLAIN_LENGTH && day <= '28' && hour <= '23';
  if (!isPlain && !new Date(seconds * 1000).toISOString().startsWith(whole)) return undefined;
  return BigInt(seconds) * NANOSECONDS_PER_SECOND + BigInt(fraction.padEnd(9, '0'));
}

function clamp(seconds: bigint): bigint {
  if (seconds > MAX_SECONDS) return MAX_SECONDS;
  return seconds < -MAX_SECONDS ? -MAX_SECONDS : seconds;
}
