import { InputError } from '../../errors.ts';
import type { Log } from '../../log.ts';
import { bytes, count } from '../../report/units.ts';
import { logSafe } from '../../report/visible.ts';
import type { ReadDirectory } from '../../selection/read-directory.ts';
import { select } from '../../selection/select.ts';
import type { Selection, SelectionOptions, Skipped } from '../../selection/types.ts';
import { pathProblem } from '../../store/object-key.ts';
import type { CommandPorts } from '../ports.ts';
import type { BackupRequest } from './request.ts';
import { tellVanished } from './vanished.ts';

type Ports = Pick<CommandPorts, 'log' | 'signal' | 'temporaryDirectory'>;

/**
 * @param readDirectory reads one directory; for tests
 * @returns undefined if nothing was found and that is no error
 * @throws BackupError for what is wrong with the inputs, cannot be read or, where that is an error, vanished meanwhile
 */
export async function selectFiles(
  request: BackupRequest,
  ports: Ports,
  readDirectory?: ReadDirectory,
): Promise<Selection | undefined> {
  const selection = await select(optionsOf(request, ports), readDirectory);
  try {
    tellVanished(selection.vanished, request.selection.ifFileChanged, ports.log);
  } catch (error) {
    await selection.close();
    throw error;
  }
  describe(selection, ports.log);
  const { files, symlinks, directories } = selection.totals;
  if (files + symlinks + directories > 0) return selection;
  await selection.close();
  nothingFound(request, ports.log);
  return undefined;
}

function optionsOf(
  { selection: wanted, packBelow }: BackupRequest,
  { temporaryDirectory, signal }: Ports,
): SelectionOptions {
  return {
    patterns: wanted.patterns,
    workspace: wanted.root,
    root: wanted.root,
    includeHiddenFiles: wanted.includeHiddenFiles,
    temporaryDirectory,
    pathProblem,
    smallBelow: packBelow,
    signal,
  };
}

function describe({ totals, skipped }: Selection, log: Log): void {
  log.info(
    `Found ${count(totals.files, 'file')} (${bytes(totals.bytes)}), ${count(totals.symlinks, 'symbolic link')} ` +
      `and ${count(totals.directories, 'empty directory', 'empty directories')}`,
  );
  sayLeftOut(log, 'hidden', skipped.hidden, 'set `include-hidden-files: true` to include them');
  sayLeftOut(log, 'credential', skipped.credentials, 'name one literally in `path` to include it');
  sayLeftOut(log, 'special', skipped.special, 'sockets, pipes and devices cannot be stored');
}

function sayLeftOut(log: Log, kind: string, { count: left, examples }: Skipped, hint: string): void {
  if (left === 0) return;
  log.info(`Left out ${count(left, `${kind} path`)} (${hint})`);
  for (const path of examples) log.info(`  ${logSafe(path)}`);
}

function nothingFound({ selection: { ifNoFilesFound, patterns, root } }: BackupRequest, log: Log): void {
  const message = `The input path ${JSON.stringify(patterns.join(' | '))} matches no file below ${JSON.stringify(root)}`;
  if (ifNoFilesFound === 'error') {
    throw new InputError(
      'path',
      `${message}, but at least one is required: correct the patterns, or set \`if-no-files-found\` to \`warn\` or \`ignore\`.`,
    );
  }
  if (ifNoFilesFound === 'warn') log.warn({ kind: 'no-files-found', message: `${message}; no version was made.` });
  else log.info(`${logSafe(message)}; no version is made`);
}
