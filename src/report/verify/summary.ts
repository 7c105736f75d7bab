import type { Damage } from '../../verification/types.ts';
import { blocks, type Column, table } from '../blocks.ts';
import { assemble, type Section, SUMMARY_LIMIT_BYTES } from '../budget.ts';
import { code, EMPTY, fileName, join, type Markdown, md } from '../markdown.ts';
import { placeSection } from '../sections/place.ts';
import { problemsSection } from '../sections/problems.ts';
import { bytes, count, duration, exactBytes, grouped, timestamp } from '../units.ts';
import { isOk } from './outputs.ts';
import type { VerifiedVersion, VerifyReport } from './types.ts';
import { depthWords, stalenessWords } from './words.ts';

/** Rows of a table, and where even those are too much. */
const MAX_ROWS = 500;
const FEW_ROWS = 20;
/** Versions that are named with one damaged entry. */
const MAX_HURT = 10;

const RIGHT = 'right' as const;

const SECTIONS = [headSection, damageSection, problemsSection, versionsSection, placeSection];

/** The job summary of a verification: Markdown, never longer than {@link SUMMARY_LIMIT_BYTES}. */
export function renderVerifySummary(report: VerifyReport): string {
  return assemble(
    SECTIONS.map((section) => section(report)),
    SUMMARY_LIMIT_BYTES,
  );
}

function headSection(report: VerifyReport): Section {
  const { place, asked, damaged, staleness, checked, notComparable } = report;
  const title = md`### ${isOk(report) ? 'Verified' : 'Verification failed:'} ${place.series} version ${asked}`;
  const found = damaged.count === 0 ? EMPTY : md`**${count(damaged.count, 'damaged entry', 'damaged entries')}.**`;
  const age = staleness === undefined ? EMPTY : md`**${stalenessWords(staleness, place.series)}**`;
  const unknown =
    notComparable === 0
      ? EMPTY
      : md`Of ${count(notComparable, 'object')} the store keeps no checksum that could be compared.`;
  const what = md`Checked ${depthWords(report)}: ${count(checked.objects, 'object')}, ${exactBytes(checked.bytes)}.`;
  return { name: 'head', variants: [blocks(title, found, age, what, unknown)] };
}

function damageSection({ damaged }: VerifyReport): Section {
  if (damaged.count === 0) return { name: 'what is damaged', variants: [EMPTY] };
  const shown = (limit: number) => {
    const more = damaged.count - Math.min(damaged.first.length, limit);
    const rest =
      more > 0
        ? md`… and ${count(more, 'more', 'more')}; the file in the output ${code('damaged-file')} has all.`
        : EMPTY;
    return blocks(damageTable(damaged.first.slice(0, limit)), rest);
  };
  return { name: 'what is damaged', variants: [shown(MAX_ROWS), shown(FEW_ROWS)] };
}

function damageTable(damages: readonly Damage[]): Markdown {
  const columns = [{ title: 'Damaged' }, { title: 'How' }, { title: 'Hurts' }];
  return table(
    columns,
    damages.map(({ path, key, problem, versions }) => [fileName(path ?? key), md`${problem}`, hurt(versions)]),
  );
}

function hurt(versions: readonly string[]): Markdown {
  const more = versions.length - MAX_HURT;
  const named = join(versions.slice(0, MAX_HURT).map(code), ', ');
  return more > 0 ? md`${named} and ${grouped(more)} more` : named;
}

function versionsSection({ versions }: VerifyReport): Section {
  // The newest ones, which people look for first.
  const shown = (limit: number) => versionTable(versions.slice(-limit).reverse());
  return { name: 'versions', variants: [shown(MAX_ROWS), shown(FEW_ROWS), EMPTY] };
}

function versionTable(versions: readonly VerifiedVersion[]): Markdown {
  const hasDrill = versions.some(({ drill }) => drill !== undefined);
  const columns: Column[] = [
    { title: 'Version', align: RIGHT },
    { title: 'Time' },
    { title: 'Files', align: RIGHT },
    { title: 'Bytes', align: RIGHT },
    { title: 'State' },
    ...(hasDrill ? [{ title: 'Restored in', align: RIGHT }] : []),
  ];
  return table(
    columns,
    versions.map(({ version, totals, state, drill }) => [
      md`${String(version.number)}`,
      md`${timestamp(version.time)}`,
      md`${totals === undefined ? '' : grouped(totals.files)}`,
      md`${totals === undefined ? '' : bytes(totals.bytes)}`,
      state === 'damaged' ? md`**damaged**` : md`${state}`,
      ...(hasDrill ? [md`${drill === undefined ? '' : duration(drill.durationMs)}`] : []),
    ]),
  );
}
