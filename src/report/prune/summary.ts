import { blocks } from '../blocks.ts';
import { assemble, type Section, SUMMARY_LIMIT_BYTES } from '../budget.ts';
import { EMPTY, type Markdown, md } from '../markdown.ts';
import { placeSection } from '../sections/place.ts';
import { problemsSection } from '../sections/problems.ts';
import { retentionSection } from '../sections/retention.ts';
import type { PruneCommandReport, PruneReport } from '../types.ts';

const SECTIONS = [headSection, problemsSection, retentionSection, placeSection];

/** The job summary of a prune: Markdown, never longer than {@link SUMMARY_LIMIT_BYTES}. */
export function renderPruneSummary(report: PruneCommandReport): string {
  return assemble(
    SECTIONS.map((section) => section(report)),
    SUMMARY_LIMIT_BYTES,
  );
}

function headSection({ place, dryRun, prune }: PruneCommandReport): Section {
  const title = md`### ${dryRun ? 'Dry run of prune' : 'Prune'} ${place.series}`;
  const dry = dryRun ? md`**Dry run: nothing was changed.**` : EMPTY;
  return { name: 'head', variants: [blocks(title, failed(prune), dry)] };
}

function failed({ outcome, stopped }: PruneReport): Markdown {
  if (outcome !== 'failed') return EMPTY;
  if (stopped) return md`**The prune was stopped before it deleted anything.**`;
  return md`**The prune failed.** What it had removed by then is gone.`;
}
