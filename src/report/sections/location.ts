import { blocks, table } from '../blocks.ts';
import type { Section } from '../budget.ts';
import { commitLink } from '../commit-link.ts';
import { lockWords } from '../lock-words.ts';
import { code, link, type Markdown, md } from '../markdown.ts';
import { DEFAULT_STORAGE_CLASS } from '../prices.ts';
import type { BackupReport } from '../types.ts';
import { timestamp } from '../units.ts';

const COLUMNS = [{ title: 'Where' }, { title: 'Value' }];

/** Where the version is, and which run made it. */
export function locationSection(report: BackupReport): Section {
  const title = report.dryRun ? md`#### Where it would go` : md`#### Where it is`;
  return { name: 'where', variants: [blocks(title, table(COLUMNS, [...placeRows(report), ...runRows(report)]))] };
}

function placeRows({ location, version, lock }: BackupReport): Markdown[][] {
  const locked = lock === undefined ? '' : lockWords(lock);
  const optional = [
    ...(location.endpoint === undefined ? [] : [[md`Endpoint`, code(location.endpoint)]]),
    ...(location.region === undefined ? [] : [[md`Region`, code(location.region)]]),
  ];
  return [
    [md`Version ID`, code(version.id)],
    [md`Record`, code(location.uri)],
    [md`Bucket`, code(location.bucket)],
    [md`Prefix`, location.prefix === '' ? md`none` : code(location.prefix)],
    ...optional,
    [md`Storage class`, storageClass(location)],
    [md`Time`, md`${timestamp(version.time)}`],
    ...(locked === '' ? [] : [[md`Lock`, md`${locked}`]]),
  ];
}

function storageClass({ storageClass: name }: BackupReport['location']): Markdown {
  return name === undefined ? md`${code(DEFAULT_STORAGE_CLASS)} (not set)` : code(name);
}

function runRows({ run }: BackupReport): Markdown[][] {
  const attempt = run.runAttempt === '1' ? '' : `, attempt ${run.runAttempt}`;
  return [
    [
      md`Run`,
      md`${link(md`${run.workflow} ${code(run.runId)}`, run.url)}${attempt}, ${run.event} by ${code(run.actor)}`,
    ],
    [md`Commit`, md`${commitLink(run)} of ${code(run.ref)} in ${code(run.repository)}`],
  ];
}
