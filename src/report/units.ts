/** Numbers as people read them: always English, whatever the locale of the machine, so that texts can be compared. */

const KIB = 1024;
const BINARY_UNITS = ['KiB', 'MiB', 'GiB', 'TiB', 'PiB', 'EiB'];
/** From here on a rounded number has two digits before the point, and a fraction would say nothing. */
const FRACTION_BELOW = 9.95;

/** `1234567` → `1,234,567`; fractions are rounded. By hand, as a formatter of `Intl` takes longer to make than a step's whole report. */
export function grouped(value: number): string {
  return value.toFixed(0).replace(/\B(?=(?:\d{3})+$)/g, ',');
}

/** `1 file`, `1,234 files` */
export function count(value: number, singular: string, plural = `${singular}s`): string {
  return `${grouped(value)} ${value === 1 ? singular : plural}`;
}

/** `a`, `a and b`, `a, b and c` */
export function listed(parts: readonly string[]): string {
  return [parts.slice(0, -1).join(', '), ...parts.slice(-1)].filter((part) => part !== '').join(' and ');
}

function decimal(value: number): string {
  return value < FRACTION_BELOW ? value.toFixed(1) : grouped(value);
}

/** `512 B` (exact below 1 KiB), `1.2 GiB`, `19 MiB` */
export function bytes(value: number): string {
  if (value < KIB) return `${value} B`;
  let scaled = value / KIB;
  let unit = 0;
  while (Math.round(scaled) >= KIB && unit < BINARY_UNITS.length - 1) {
    scaled /= KIB;
    unit += 1;
  }
  return `${decimal(scaled)} ${BINARY_UNITS[unit]}`;
}

/** `1.2 GiB (1,288,490,189 bytes)`; only `512 B` where that is exact already. */
export function exactBytes(value: number): string {
  return value < KIB ? bytes(value) : `${bytes(value)} (${count(value, 'byte')})`;
}

/** `19 MiB/s` */
export function rate(bytesPerSecond: number): string {
  return `${bytes(Math.round(bytesPerSecond))}/s`;
}

/** `850 ms`, `4.2 s`, `1 m 05 s`, `2 h 03 m`, `3 d 04 h` */
export function duration(milliseconds: number): string {
  const rounded = Math.round(milliseconds);
  if (rounded < 1000) return `${rounded} ms`;
  const seconds = Math.round(rounded / 1000);
  if (seconds < 60) return `${decimal(rounded / 1000)} s`;
  if (seconds < 3600) return pair(seconds, 60, 'm', 1, 's');
  if (seconds < 86_400) return pair(seconds, 3600, 'h', 60, 'm');
  return pair(seconds, 86_400, 'd', 3600, 'h');
}

/** Two neighbouring units, the smaller one cut to whole numbers and padded. */
function pair(seconds: number, large: number, largeName: string, small: number, smallName: string): string {
  const rest = Math.floor((seconds % large) / small);
  return `${grouped(Math.floor(seconds / large))} ${largeName} ${String(rest).padStart(2, '0')} ${smallName}`;
}

/** `$12.34`, `$0.0062`, `less than $0.0001`, `$0` */
export function money(usd: number): string {
  if (usd === 0) return '$0';
  if (usd < 0.0001) return 'less than $0.0001';
  if (usd < 1) return `$${usd.toFixed(4)}`;
  const [whole = '', cents] = usd.toFixed(2).split('.');
  return `$${grouped(Number(whole))}.${cents}`;
}

/** `2026-11-22 13:47:05 UTC` */
export function timestamp(time: Date): string {
  return `${time.toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}
