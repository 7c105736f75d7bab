import { blocks, details, firstOf, list, table } from '../blocks.ts';
import type { Section } from '../budget.ts';
import { entryRows } from '../entry-rows.ts';
import { EMPTY, fileName, type Markdown, md } from '../markdown.ts';
import type { BackupReport } from '../types.ts';
import { bytes, count, duration, grouped } from '../units.ts';

/** The selection hands over no more examples than this of each kind. */
const MAX_EXAMPLES = 10;

const COLUMNS = [{ title: 'What' }, { title: 'Amount' }];

/** What was backed up, what that took, and what was left out. */
export function totalsSection(report: BackupReport): Section {
  const amounts = table(COLUMNS, amountRows(report));
  return { name: 'what was left out', variants: [blocks(amounts, leftOut(report)), amounts] };
}

function amountRows(report: BackupReport): Markdown[][] {
  const { totals } = report;
  return [
    ...entryRows(totals),
    ...(report.stored === undefined ? [] : [[md`Stored`, md`${storedForms(report.stored)}`]]),
    [md`Left out`, md`${leftOutCounts(report.skipped)}`],
    ...sentRows(report),
    ...(report.resumed === undefined ? [] : [[md`Not sent again`, md`${notSentAgain(report.resumed)}`]]),
    [md`Requests`, md`${requestKinds(report.requests)}`],
    [md`Duration`, md`${duration(report.durationMs)}`],
  ];
}

/** A dry run sends nothing, and what a real run would send it has not found out. */
function sentRows({ dryRun, buildsOn, totals, uploadedBytes }: BackupReport): Markdown[][] {
  if (!dryRun) return [[md`Sent`, md`${sentAmount(totals.bytes, uploadedBytes)}`]];
  const bound = `at most all of it: not compared with version ${buildsOn}, on which this one would build`;
  return buildsOn === undefined ? [] : [[md`To be sent`, md`${bound}`]];
}

/** A LIST is billed as a write. */
function requestKinds({ writes, reads, free }: BackupReport['requests']): string {
  const kinds = [
    writes > 0 ? count(writes, 'list or write', 'lists and writes') : '',
    reads > 0 ? count(reads, 'read') : '',
    free > 0 ? `${grouped(free)} free of charge` : '',
  ].filter((kind) => kind !== '');
  return `${grouped(writes + reads + free)}${kinds.length === 0 ? '' : ` (${kinds.join(', ')})`}`;
}

function storedForms({ packed, packs, compressed, loose }: NonNullable<BackupReport['stored']>): string {
  const forms = [
    packed > 0 ? `${count(packed, 'file')} in ${count(packs, 'pack')}` : '',
    compressed > 0 ? `${grouped(compressed)} compressed` : '',
    loose > 0 ? `${grouped(loose)} as they are` : '',
  ];
  return forms.filter((form) => form !== '').join(', ');
}

function notSentAgain({ bytes: reused }: NonNullable<BackupReport['resumed']>): string {
  return `${bytes(reused)}, which an interrupted attempt had stored`;
}

/** What was sent, as a share of what is protected by it; packs and compression make it less, as older versions do. */
function sentAmount(protectedBytes: number, sentBytes: number): string {
  if (protectedBytes === 0) return bytes(sentBytes);
  const percent = Math.round((sentBytes * 100) / protectedBytes);
  const share = percent === 0 && sentBytes > 0 ? 'less than 1' : grouped(percent);
  return `${bytes(sentBytes)} (${share} % of the bytes)`;
}

function leftOutCounts({ hidden, credentials, special }: BackupReport['skipped']): string {
  const kinds = { hidden, 'with credentials': credentials, special };
  const some = Object.entries(kinds).filter(([, { count: number }]) => number > 0);
  return some.map(([kind, { count: number }]) => `${grouped(number)} ${kind}`).join(', ') || 'nothing';
}

function leftOut({ skipped }: BackupReport): Markdown {
  const kinds = [
    { title: md`Hidden (\`include-hidden-files: true\` includes them):`, ...skipped.hidden },
    { title: md`With credentials (included only if named literally in \`path\`):`, ...skipped.credentials },
    { title: md`Sockets, devices and pipes:`, ...skipped.special },
  ].filter((kind) => kind.count > 0);
  const total = kinds.reduce((sum, kind) => sum + kind.count, 0);
  const bodies = kinds.map((kind) =>
    blocks(kind.title, list(firstOf(kind.examples, MAX_EXAMPLES, fileName, kind.count))),
  );
  return total === 0 ? EMPTY : details(md`${count(total, 'path')} left out`, blocks(...bodies));
}
