import { blocks, details, firstOf, list, table } from '../blocks.ts';
import type { Section } from '../budget.ts';
import { fileName, type Markdown, md } from '../markdown.ts';
import type { BackupReport, Difference, PathSample } from '../types.ts';
import { bytes, count, grouped } from '../units.ts';

const MAX_EXAMPLES = 20;

const COLUMNS = [
  { title: 'Entries' },
  { title: 'Count', align: 'right' as const },
  { title: 'Bytes', align: 'right' as const },
];

type Compared = Pick<BackupReport, 'difference' | 'version'> & Partial<Pick<BackupReport, 'dryRun'>>;

/** How the version differs from the one before it. */
export function differenceSection(report: Compared): Section {
  const { difference } = report;
  if (difference === undefined) return { name: 'difference', variants: [nothingToCompare(report)] };
  const title = md`#### Difference to version ${String(difference.againstNumber)}`;
  const counts = blocks(title, table(COLUMNS, countRows(difference)));
  return { name: 'difference', variants: [blocks(counts, ...examples(difference)), counts] };
}

function nothingToCompare({ version, dryRun }: Compared): Markdown {
  const why =
    version.number === 1
      ? 'This is the first version.'
      : dryRun
        ? 'A dry run does not compare with the version before.'
        : 'The version before this one is not there or could not be read.';
  return md`#### Difference to the version before

${why}`;
}

function countRows({ added, changed, removed, unchanged }: Difference): Markdown[][] {
  const rows = { Added: added, Changed: changed, Removed: removed, Unchanged: unchanged };
  return Object.entries(rows).map(([kind, sample]) => [
    md`${kind}`,
    md`${grouped(sample.count)}`,
    md`${bytes(sample.bytes)}`,
  ]);
}

function examples({ added, changed, removed }: Difference): Markdown[] {
  return [exampleList('added', added), exampleList('changed', changed), exampleList('removed', removed)];
}

function exampleList(kind: string, sample: PathSample): Markdown {
  const paths = list(firstOf(sample.examples, MAX_EXAMPLES, fileName, sample.count));
  return details(md`${count(sample.count, 'entry', 'entries')} ${kind}`, paths);
}
