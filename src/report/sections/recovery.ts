import { SeriesKeys } from '../../series/keys.ts';
import type { StoredForms } from '../../series/stored-forms.ts';
import { TOOL } from '../../tool.ts';
import { blocks, codeBlock } from '../blocks.ts';
import type { Section } from '../budget.ts';
import { EMPTY, type Markdown, md } from '../markdown.ts';
import { CLASS_PRICES, DEFAULT_STORAGE_CLASS } from '../prices.ts';
import { shellQuote } from '../shell.ts';
import type { BackupReport } from '../types.ts';

/** Where the example commands put what they fetch. */
const TARGET = 'restored/';
const PACKS = 'packs/';

/** How to get everything back, with this tool and without it. A dry run has stored nothing, so there is nothing to say. */
export function recoverySection(report: BackupReport): Section {
  return { name: 'how to get it back', variants: [report.dryRun ? EMPTY : recovery(report)] };
}

function recovery(report: BackupReport): Markdown {
  return blocks(
    md`#### How to get it back`,
    archiveNote(report.location),
    md`With the action \`restore\`, or the same in a terminal (the page \`docs/cli.md\` of this action):`,
    codeBlock(restoreCommand(report), 'sh'),
    md`With the AWS CLI, zstd and bash or zsh, without this action:`,
    leaningNote(report),
    codeBlock(recoveryCommands(report).join('\n'), 'sh'),
    resumedNote(report),
    md`Symbolic links, empty directories, permissions, times and the SHA-256 of every file are in the list of entries.`,
  );
}

/** The commands fetch what this version itself has stored. */
function leaningNote({ version }: BackupReport): Markdown {
  return version.type === 'incremental'
    ? md`This version is incremental, so these commands fetch what it has stored itself: files that older versions hold are among **their** data, and the \`key\` of each in the list says where. The page \`docs/restore-without-this-tool.md\` of this action fetches all of them.`
    : EMPTY;
}

function resumedNote({ resumed }: BackupReport): Markdown {
  return resumed === undefined
    ? EMPTY
    : md`An interrupted attempt at this version was gone on with, so these commands may also fetch what that one had stored of files that have changed since. The \`key\` of each file in the list says which object is its own, and the page \`docs/restore-without-this-tool.md\` of this action fetches exactly these.`;
}

function archiveNote({ endpoint, storageClass = DEFAULT_STORAGE_CLASS }: BackupReport['location']): Markdown {
  const archived = endpoint === undefined && CLASS_PRICES.get(storageClass)?.retrieval === 'restore';
  return archived
    ? md`Objects of ${storageClass} have to be restored before they can be read: \`aws s3api restore-object\`, once for each.`
    : EMPTY;
}

/** What restores all of it, whichever versions hold it. */
export function restoreCommand({ version, location }: BackupReport): string {
  const { bucket, prefix, series, endpoint, region } = location;
  const options = {
    bucket,
    prefix,
    name: series,
    version: String(version.number),
    target: TARGET,
    'aws-region': region,
    endpoint,
  };
  const words = Object.entries(options).flatMap(([name, value]) =>
    value === undefined ? [] : [`--${name} ${shellQuote(value)}`],
  );
  return `${TOOL.name} restore ${words.join(' ')}`;
}

/** Lines for a shell; every word that comes from elsewhere is quoted. */
export function recoveryCommands({ version, location, stored, resumed }: BackupReport): string[] {
  const { id } = version;
  const turn = resumed?.turn ?? 1;
  const which = version.type === 'incremental' ? 'new files' : 'files';
  const keys = new SeriesKeys(location);
  const copy = (options: string, key: string, target: string) =>
    `aws s3 cp${options} ${shellQuote(`s3://${location.bucket}/${key}`)} ${target}${connection(location)}`;
  return [
    '# The record, which makes the version exist',
    copy('', location.recordKey, '-'),
    '# The list of its entries, one JSON object per line',
    `${copy('', keys.index(id, turn), '-')} | zstd -d`,
    ...oneFile(stored?.example, keys, copy),
    ...looseFiles(stored, which, keys, copy),
    ...packedFiles(stored, which, keys, copy),
  ];
}

type Copy = (options: string, key: string, target: string) => string;

function oneFile(example: StoredForms['example'], keys: SeriesKeys, copy: Copy): string[] {
  if (example === undefined) return [];
  const note = example.isCompressed ? ', which `zstd -d --rm` gives its own form and name' : '';
  return [`# One file${note}`, copy('', keys.absolute(example.key), TARGET)];
}

/** @param which of the files are below the prefixes, in words */
function looseFiles(stored: BackupReport['stored'], which: string, keys: SeriesKeys, copy: Copy): string[] {
  if (stored === undefined || stored.filesIn.length === 0) return [];
  const note = stored.compressed > 0 ? ', some of them compressed (.zst)' : '';
  return [`# All ${which} that are objects of their own${note}`, ...copyAll(stored.filesIn, TARGET, keys, copy)];
}

function packedFiles(stored: BackupReport['stored'], which: string, keys: SeriesKeys, copy: Copy): string[] {
  if (stored === undefined || stored.packsIn.length === 0) return [];
  return [
    `# The ${which} in packs; of equal ones the list has the name under which the first is there`,
    ...copyAll(stored.packsIn, PACKS, keys, copy),
    `mkdir -p ${TARGET} && for pack in ${PACKS}*.tar.zst; do zstd -dc "$pack" | tar -xf - -C ${TARGET}; done`,
  ];
}

function copyAll(prefixes: readonly string[], target: string, keys: SeriesKeys, copy: Copy): string[] {
  return prefixes.map((prefix) => copy(' --recursive', `${keys.base}${prefix}`, target));
}

function connection({ endpoint, region }: BackupReport['location']): string {
  const endpointUrl = endpoint === undefined ? '' : ` --endpoint-url ${shellQuote(endpoint)}`;
  return region === undefined ? endpointUrl : `${endpointUrl} --region ${shellQuote(region)}`;
}
