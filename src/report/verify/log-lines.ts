import type { Damage, DataSubset, Level } from '../../verification/types.ts';
import { requestCount } from '../outputs.ts';
import { bytes, count, duration, rate } from '../units.ts';
import { logSafe, visibleName } from '../visible.ts';
import type { VerifiedVersion, VerifyReport } from './types.ts';
import { depthWords, stalenessWords } from './words.ts';

/** What is going to be done; the seed of a sample among it, by which it can be drawn again. Safe for the log. */
export function requestedLines(asked: { readonly level: Level; readonly subset?: DataSubset }): string[] {
  return [logSafe(`Level ${asked.level}: ${depthWords(asked)}`)];
}

/** The last lines of the log of a verification: what is damaged, and how much was looked at. Safe for the log. */
export function verifyLines(report: VerifyReport): string[] {
  const { damaged, staleness, place } = report;
  const more = damaged.count - damaged.first.length;
  return [
    ...damaged.first.map(damageLine),
    ...(more > 0 ? [`… and ${count(more, 'more', 'more')}: all of them are in ${damaged.file}`] : []),
    ...report.versions.flatMap(drillLine),
    ...(staleness === undefined ? [] : [stalenessWords(staleness, place.series)]),
    totalLine(report),
  ].map(logSafe);
}

function damageLine({ path, key, kind, problem, versions }: Damage): string {
  const subject = path === undefined ? key : `${visibleName(path)} (${key})`;
  return `Damaged (${kind}): ${subject}: ${problem}; it hurts ${versions.join(', ')}`;
}

function drillLine({ version, drill }: VerifiedVersion): string[] {
  if (drill === undefined) return [];
  const { totals, durationMs } = drill;
  const speed = durationMs > 0 ? ` (${rate((totals.bytes * 1000) / durationMs)})` : '';
  const what = `${count(totals.files, 'file')}, ${bytes(totals.bytes)}`;
  return [`Version ${version.number} was restored and compared in ${duration(durationMs)}: ${what}${speed}`];
}

function totalLine(report: VerifyReport): string {
  const { versions, checked, notComparable, damaged, requests, durationMs } = report;
  const unknown = notComparable === 0 ? '' : ` (${count(notComparable, 'checksum')} not comparable)`;
  return (
    `Verified ${count(versions.length, 'version')}, ${count(checked.objects, 'object')}${unknown}, ${bytes(checked.bytes)}: ` +
    `${damaged.count === 0 ? 'no damage' : `${count(damaged.count, 'damaged entry', 'damaged entries')}`}; ` +
    `${duration(durationMs)}, ${count(requestCount(requests), 'request')}`
  );
}
