import { assemble, SUMMARY_LIMIT_BYTES } from './budget.ts';
import { costSection } from './sections/cost.ts';
import { differenceSection } from './sections/difference.ts';
import { headSection } from './sections/head.ts';
import { largestSection } from './sections/largest.ts';
import { locationSection } from './sections/location.ts';
import { problemsSection } from './sections/problems.ts';
import { recoverySection } from './sections/recovery.ts';
import { retentionSection } from './sections/retention.ts';
import { tagsSection } from './sections/tags.ts';
import { totalsSection } from './sections/totals.ts';
import type { BackupReport } from './types.ts';

/** In the order in which a reader needs them; the last ones give way first. */
const SECTIONS = [
  headSection,
  problemsSection,
  totalsSection,
  locationSection,
  differenceSection,
  retentionSection,
  recoverySection,
  costSection,
  largestSection,
  tagsSection,
];

/**
 * The job summary of a backup: GitHub-flavoured Markdown with the few HTML elements its sanitiser lets through, never
 * longer than {@link SUMMARY_LIMIT_BYTES}.
 */
export function renderSummary(report: BackupReport): string {
  return assemble(
    SECTIONS.map((section) => section(report)),
    SUMMARY_LIMIT_BYTES,
  );
}
