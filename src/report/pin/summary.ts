import { blocks, table } from '../blocks.ts';
import { assemble, type Section, SUMMARY_LIMIT_BYTES } from '../budget.ts';
import { code, EMPTY, link, type Markdown, md } from '../markdown.ts';
import { placeSection } from '../sections/place.ts';
import { problemsSection } from '../sections/problems.ts';
import type { PinReport } from '../types.ts';
import { timestamp } from '../units.ts';

const COLUMNS = [{ title: 'Pin' }, { title: 'Value' }];

const SECTIONS = [headSection, problemsSection, placeSection];

/** The job summary of pinning and unpinning: Markdown, never longer than {@link SUMMARY_LIMIT_BYTES}. */
export function renderPinSummary(report: PinReport): string {
  return assemble(
    SECTIONS.map((section) => section(report)),
    SUMMARY_LIMIT_BYTES,
  );
}

function headSection(report: PinReport): Section {
  const { place, version } = report;
  const title = md`### ${outcome(report)} ${place.series} version ${String(version.number)}`;
  const made = md`${code(version.id)}, made ${timestamp(version.time)}.`;
  return { name: 'head', variants: [blocks(title, made, facts(report))] };
}

function outcome({ state, changed }: PinReport): string {
  if (state === 'pinned') return changed ? 'Pinned' : 'Was pinned before:';
  return changed ? 'Unpinned' : 'Was not pinned:';
}

function facts({ pin }: PinReport): Markdown {
  if (pin === undefined) return EMPTY;
  const { run, time, reason } = pin;
  return table(COLUMNS, [
    [md`Who`, code(run.actor)],
    [md`When`, md`${timestamp(new Date(time))}`],
    [md`Why`, reason === '' ? md`no reason was given` : md`${reason}`],
    [md`Run`, link(md`${run.workflow} ${code(run.runId)}`, run.url)],
  ]);
}
