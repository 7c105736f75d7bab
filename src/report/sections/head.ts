import { blocks } from '../blocks.ts';
import type { Section } from '../budget.ts';
import { type Markdown, md } from '../markdown.ts';
import type { BackupReport } from '../types.ts';
import { bytes, count, duration } from '../units.ts';

/** The heading and the result in one sentence. Starts at the third level, as a job's page has the first two. */
export function headSection(report: BackupReport): Section {
  return { name: 'head', variants: [blocks(heading(report), result(report))] };
}

function heading({ dryRun, version, location }: BackupReport): Markdown {
  const what = dryRun ? 'Dry run of backup' : 'Backup';
  return md`### ${what} ${location.series} version ${String(version.number)}`;
}

function result({ dryRun, version, totals, durationMs, prune }: BackupReport): Markdown {
  const content = `${count(totals.files, 'file')}, ${bytes(totals.bytes)}`;
  if (dryRun) return md`**Dry run: nothing was changed.** The version would be ${version.type} with ${content}.`;
  const removed = prune.removed.length === 0 ? '' : `, ${count(prune.removed.length, 'old version')} removed`;
  const failed = prune.outcome === 'failed' ? md` **Removing old versions failed; this version is complete.**` : '';
  return md`Committed as ${version.type} in ${duration(durationMs)}: ${content}${removed}.${failed}`;
}
