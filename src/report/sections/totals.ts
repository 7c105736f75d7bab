import { blocks, details, firstOf, list, table } from '../blocks.ts';
import type { Section } from '../budget.ts';
import { EMPTY, fileName, type Markdown, md } from '../markdown.ts';
import type { BackupReport } from '../types.ts';
import { bytes, count, duration, exactBytes, grouped } from '../units.ts';

/** The selection hands over no more examples than this of each kind. */
const MAX_EXAMPLES = 10;

const COLUMNS = [{ title: 'What' }, { title: 'Amount' }];

/** What was backed up, what that took, and what was left out. */
export function totalsSection(report: BackupReport): Section {
  const amounts = table(COLUMNS, amountRows(report));
  return { name: 'what was left out', variants: [blocks(amounts, leftOut(report)), amounts] };
}

function amountRows({ totals, requests, ...report }: BackupReport): Markdown[][] {
  const { writes, reads, free } = requests;
  const kinds = `${grouped(writes)} writes, ${grouped(reads)} reads, ${grouped(free)} free of charge`;
  return [
    [md`Files`, md`${grouped(totals.files)}`],
    [md`Bytes`, md`${exactBytes(totals.bytes)}`],
    [md`Symbolic links`, md`${grouped(totals.symlinks)}`],
    [md`Empty directories`, md`${grouped(totals.directories)}`],
    ...(report.stored === undefined ? [] : [[md`Stored`, md`${storedForms(report.stored)}`]]),
    [md`Left out`, md`${leftOutCounts(report.skipped)}`],
    [md`Sent`, md`${sentAmount(report.dryRun ? 0 : totals.bytes, report.uploadedBytes)}`],
    ...(report.resumed === undefined ? [] : [[md`Not sent again`, md`${notSentAgain(report.resumed)}`]]),
    [md`Requests`, md`${grouped(writes + reads + free)} (${kinds})`],
    [md`Duration`, md`${duration(report.durationMs)}`],
  ];
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

/** What was sent beside what is protected by it; packs and compression make it less, as older versions do. */
function sentAmount(protectedBytes: number, sentBytes: number): string {
  if (protectedBytes === 0) return bytes(sentBytes);
  const percent = Math.round((sentBytes * 100) / protectedBytes);
  return `${bytes(sentBytes)} of ${bytes(protectedBytes)} protected (${grouped(percent)} %)`;
}

function leftOutCounts({ hidden, credentials, special }: BackupReport['skipped']): string {
  return `${grouped(hidden.count)} hidden, ${grouped(credentials.count)} with credentials, ${grouped(special.count)} special`;
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
