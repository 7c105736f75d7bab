/**
 * When the snapshots of `repository.tar.gz` were made, oldest first: UTC, whole seconds. Sparse years, then months, days
 * and hours, with the days on which calendars differ, and three of one second.
 */
const SPARSE = [
  '2018-12-31T23:59:59Z',
  '2020-02-29T12:00:00Z',
  '2020-12-27T12:00:00Z',
  '2020-12-28T00:00:00Z',
  '2020-12-31T23:59:59Z',
  '2021-01-01T00:00:00Z',
  '2021-01-03T23:59:59Z',
  '2021-01-04T00:00:00Z',
  '2023-03-26T00:59:59Z',
  '2023-03-26T01:00:00Z',
  '2023-10-29T00:30:00Z',
  '2023-10-29T01:30:00Z',
  '2024-02-28T10:05:00Z',
  '2024-02-28T11:05:00Z',
  '2024-02-29T10:05:00Z',
  '2024-12-29T23:59:59Z',
  '2024-12-30T00:00:00Z',
  '2024-12-31T12:00:00Z',
  '2025-01-05T23:59:59Z',
  '2025-01-06T00:00:00Z',
  '2025-02-28T00:00:00Z',
  '2025-02-28T00:00:01Z',
  '2025-03-01T00:00:00Z',
];
const DAY_MS = 86_400_000;
const monthly = Array.from({ length: 8 }, (_, month) => iso(Date.UTC(2025, 3 + month, 15, 3, 15)));
const daily = Array.from({ length: 40 }, (_, day) => iso(Date.UTC(2026, 1, 15, 3, 15) + day * DAY_MS));
const hourly = Array.from({ length: 32 }, (_, half) => iso(Date.UTC(2026, 2, 30, 8) + half * 1_800_000));
const SAME_SECOND = Array.from({ length: 3 }, () => '2026-03-31T03:15:00Z');

export const TIMES: readonly string[] = [...SPARSE, ...monthly, ...daily, ...hourly, ...SAME_SECOND];

/** Every tenth snapshot has the tag `release`, and all have `n1`, `n2` … by their place in {@link TIMES}. */
export function isRelease(number: number): boolean {
  return number % 10 === 0;
}

function iso(ms: number): string {
  return new Date(ms).toISOString().replace('.000', '');
}
