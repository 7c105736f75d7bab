const NANOSECONDS_PER_SECOND = 1_000_000_000n;

/** The last second a `Date` can hold (ECMA-262, "Time Values and Time Range"); some file systems hold more. */
const MAX_SECONDS = 8_640_000_000_000n;

/** Nanoseconds since the epoch → RFC 3339 in UTC, fraction only as long as it has to be: `2026-11-22T13:34:00.5Z`. */
export function formatMtime(ns: bigint): string {
  const fraction = ((ns % NANOSECONDS_PER_SECOND) + NANOSECONDS_PER_SECOND) % NANOSECONDS_PER_SECOND;
  const seconds = clamp((ns - fraction) / NANOSECONDS_PER_SECOND);
  const whole = new Date(Number(seconds) * 1000).toISOString().slice(0, -'.000Z'.length);
  const digits = fraction.toString().padStart(9, '0').replace(/0+$/, '');
  return digits === '' ? `${whole}Z` : `${whole}.${digits}Z`;
}

/** The inverse of {@link formatMtime}; undefined for other text. */
export function parseMtime(text: string): bigint | undefined {
  const match = /^([+-]?\d{4,6}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?Z$/.exec(text);
  const seconds = Date.parse(`${match?.[1]}Z`) / 1000;
  if (match === null || Number.isNaN(seconds)) return undefined;
  // `Date` takes 30 February for 1 March.
  if (!new Date(seconds * 1000).toISOString().startsWith(match[1] ?? '')) return undefined;
  return BigInt(seconds) * NANOSECONDS_PER_SECOND + BigInt((match[2] ?? '').padEnd(9, '0'));
}

function clamp(seconds: bigint): bigint {
  if (seconds > MAX_SECONDS) return MAX_SECONDS;
  return seconds < -MAX_SECONDS ? -MAX_SECONDS : seconds;
}
