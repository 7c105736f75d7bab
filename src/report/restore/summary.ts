import { blocks, table } from '../blocks.ts';
import { assemble, type Section, SUMMARY_LIMIT_BYTES } from '../budget.ts';
import { commitLink } from '../commit-link.ts';
import { entryRows } from '../entry-rows.ts';
import { code, EMPTY, fileName, link, type Markdown, md } from '../markdown.ts';
import { placeSection } from '../sections/place.ts';
import { problemsSection } from '../sections/problems.ts';
import { bytes, count, duration, timestamp } from '../units.ts';
import type { Restored, RestoreReport } from './types.ts';

const SECTIONS = [headSection, problemsSection, restoredSection, versionSection, placeSection];

/** The job summary of a restore: Markdown, never longer than {@link SUMMARY_LIMIT_BYTES}. */
export function renderRestoreSummary(report: RestoreReport): string {
  return assemble(
    SECTIONS.map((section) => section(report)),
    SUMMARY_LIMIT_BYTES,
  );
}

function headSection(report: RestoreReport): Section {
  const { place, version, restored, asked, notFound } = report;
  const title = md`### Restore ${place.series} version ${String(version?.number ?? asked)}`;
  const result =
    restored === undefined
      ? md`**Nothing was restored.** ${notFound ?? ''}`
      : md`Restored in ${duration(report.durationMs)}: ${count(restored.totals.files, 'file')}, ${bytes(restored.totals.bytes)}. Every byte was checked.`;
  return { name: 'head', variants: [blocks(title, result)] };
}

function restoredSection({ restored }: RestoreReport): Section {
  const columns = [{ title: 'What' }, { title: 'Amount' }];
  return { name: 'what was restored', variants: [restored === undefined ? EMPTY : table(columns, rows(restored))] };
}

function rows({ target, totals, left, fetchedBytes, leftOut }: Restored): Markdown[][] {
  return [
    [md`Target`, fileName(target)],
    ...entryRows(totals),
    [md`There already`, md`${count(left, 'entry', 'entries')}`],
    [md`Not asked for`, md`${count(leftOut.notChosen + leftOut.stripped, 'entry', 'entries')}`],
    [md`Fetched`, md`${bytes(fetchedBytes)}`],
  ];
}

function versionSection({ version, run }: RestoreReport): Section {
  if (version === undefined || run === undefined) return { name: 'version', variants: [EMPTY] };
  const columns = [{ title: 'Version' }, { title: 'Value' }];
  const about = [
    [md`ID`, code(version.id)],
    [md`Time`, md`${timestamp(version.time)}`],
    [md`Run`, md`${link(md`${run.workflow} ${code(run.runId)}`, run.url)}, ${run.event} by ${code(run.actor)}`],
    [md`Commit`, md`${commitLink(run)} of ${code(run.ref)} in ${code(run.repository)}`],
  ];
  return { name: 'version', variants: [table(columns, about)] };
}
