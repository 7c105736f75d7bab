import { entryKinds } from '../entry-kinds.ts';
import { requestCount } from '../outputs.ts';
import { bytes, count, duration, rate } from '../units.ts';
import { logSafe } from '../visible.ts';
import type { Restored, RestoreReport } from './types.ts';

/** The last lines of the log of a restore. Safe for the log. */
export function restoreLines(report: RestoreReport): string[] {
  const { restored, version, place } = report;
  const lines =
    restored === undefined || version === undefined
      ? [`Nothing was restored: ${report.notFound ?? 'nothing was found'}`]
      : [
          `Version ${version.number} of ${place.series} restored into ${restored.target}: ${amountLine(report, restored)}`,
          ...leftLines(restored),
        ];
  return lines.map(logSafe);
}

function amountLine({ requests, durationMs }: RestoreReport, { totals, fetchedBytes }: Restored): string {
  const speed = durationMs > 0 ? ` (${rate((fetchedBytes * 1000) / durationMs)})` : '';
  return (
    `${entryKinds(totals)}; fetched ${bytes(fetchedBytes)} ` +
    `in ${duration(durationMs)}${speed}, ${count(requestCount(requests), 'request')}`
  );
}

function leftLines({ left, leftOut }: Restored): string[] {
  const line = (number: number, what: string) => (number === 0 ? [] : [`${count(number, 'entry', 'entries')} ${what}`]);
  return [
    ...line(left, 'were there already, the same, and stayed untouched'),
    ...line(leftOut.notChosen, 'of the version were not asked for by `path`'),
    ...line(leftOut.stripped, 'had no path left after `strip-components`'),
  ];
}
