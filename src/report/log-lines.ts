import { differenceWords } from './difference-words.ts';
import { lockWords } from './lock-words.ts';
import { requestCount } from './outputs.ts';
import { deletedAmount, keptCount } from './plan.ts';
import type { BackupReport, Difference, PruneReport } from './types.ts';
import { bytes, count, duration, grouped, rate } from './units.ts';
import { logSafe } from './visible.ts';

/** The last lines of the log: what there is now, or in a dry run what would have been. Safe for the log. */
export function finalLines(report: BackupReport): string[] {
  return [
    report.dryRun ? dryRunLine(report) : committedLine(report),
    ...(report.resumed === undefined ? [] : [resumedLine(report.resumed)]),
    `Record: ${report.location.uri}`,
    ...lockLines(report),
    ...(report.difference === undefined ? [] : [differenceLine(report.difference)]),
    ...pruneLines(report.prune),
  ].map(logSafe);
}

function committedLine({ version, location, totals, requests, ...report }: BackupReport): string {
  const sent = `sent ${bytes(report.uploadedBytes)} in ${duration(report.durationMs)}`;
  const speed = report.durationMs > 0 ? ` (${rate((report.uploadedBytes * 1000) / report.durationMs)})` : '';
  return (
    `Version ${version.number} of ${location.series} (${version.type}) committed: ` +
    `${count(totals.files, 'file')}, ${bytes(totals.bytes)}, ${sent}${speed}, ${count(requestCount(requests), 'request')}`
  );
}

function lockLines({ lock, dryRun }: BackupReport): string[] {
  const words = lock === undefined ? '' : lockWords(lock);
  return words === '' ? [] : [dryRun ? `The version would be ${words}` : `The version is ${words}`];
}

function resumedLine({ bytes: reused }: NonNullable<BackupReport['resumed']>): string {
  return `An interrupted attempt was gone on with: ${bytes(reused)} were not sent again`;
}

function dryRunLine({ version, location, totals, buildsOn }: BackupReport): string {
  const sent =
    buildsOn === undefined ? '' : `; not compared with version ${buildsOn}, so at most all of it would be sent`;
  return (
    `Dry run, nothing was changed: version ${version.number} of ${location.series} (${version.type}) ` +
    `would have ${count(totals.files, 'file')}, ${bytes(totals.bytes)}${sent}`
  );
}

function differenceLine(difference: Difference): string {
  return `Against version ${difference.againstNumber}: ${differenceWords(difference)}`;
}

/** What the policy did, in a few lines; the whole plan is `planLines`. */
export function pruneLines(prune: PruneReport): string[] {
  const stuck = prune.skipped.map(({ id, reason }) => `Still there: ${id} (${reason})`);
  const erased = (prune.erased ?? []).map((id) => `Hidden by an earlier prune, erased now: ${id}`);
  return [...pruneOutcome(prune), ...uploadLines(prune), ...stuck, ...erased].map(logSafe);
}

function uploadLines({ uploads, outcome }: PruneReport): string[] {
  if (uploads === undefined) return [];
  const { count: total, examples } = uploads;
  const more = total - examples.length;
  const words = outcome === 'planned' ? 'would be ended' : 'ended';
  return [
    ...examples.map((key) => `Upload that was left open, ${words}: ${key}`),
    ...(more > 0 ? [`… and ${count(more, 'more', 'more')}`] : []),
  ];
}

function pruneOutcome(prune: PruneReport): string[] {
  const removed = count(prune.removed.length, 'version');
  const kept = grouped(keptCount(prune));
  const amount = deletedAmount(prune);
  switch (prune.outcome) {
    case 'off':
      return ['Retention: no pruning was asked for, every version is kept'];
    case 'planned':
      return [`Retention: ${removed} would be removed (${amount}), ${kept} kept`];
    case 'done':
      return [`Retention: ${removed} removed (${amount}), ${kept} kept`];
    case 'failed':
      return [
        `Retention ${prune.stopped ? 'stopped' : 'failed'}: ${prune.failure ?? 'the reason is in the log above'}`,
      ];
  }
}
