const BYTES_PER_UNIT: Readonly<Record<string, number>> = {
  '': 1,
  B: 1,
  KB: 1e3,
  KiB: 2 ** 10,
  MB: 1e6,
  MiB: 2 ** 20,
  GB: 1e9,
  GiB: 2 ** 30,
};

const HOUR_MS = 3_600_000;
const MS_PER_UNIT: Readonly<Record<string, number>> = { h: HOUR_MS, d: 24 * HOUR_MS, w: 7 * 24 * HOUR_MS };

const MS_PER_SHORT_UNIT: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: HOUR_MS };

/** `16MiB` → 16777216: a whole number of bytes, or of `B`, `KB`, `KiB`, `MB`, `MiB`, `GB`, `GiB`; else undefined. */
export function parseBytes(text: string): number | undefined {
  return quantity(/^(\d{1,12}) ?([A-Za-z]*)$/, text, BYTES_PER_UNIT);
}

/** `7d` → milliseconds: a whole number of hours (`h`), days (`d`) or weeks (`w`); else undefined. */
export function parseDuration(text: string): number | undefined {
  return quantity(/^(\d{1,6})([hdw])$/, text, MS_PER_UNIT);
}

/** `5m` → milliseconds: a whole number of seconds (`s`), minutes (`m`) or hours (`h`); else undefined. */
export function parseTimeSpan(text: string): number | undefined {
  return quantity(/^(\d{1,6})([smh])$/, text, MS_PER_SHORT_UNIT);
}

function quantity(pattern: RegExp, text: string, units: Readonly<Record<string, number>>): number | undefined {
  const [, digits, unit = ''] = pattern.exec(text) ?? [];
  const factor = Object.hasOwn(units, unit) ? units[unit] : undefined;
  return digits === undefined || factor === undefined ? undefined : Number(digits) * factor;
}
