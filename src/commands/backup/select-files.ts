import { InputError } from '../../errors.ts';
import type { Log } from '../../log.ts';
import { entryKinds } from '../../report/entry-kinds.ts';
import { count } from '../../report/units.ts';
import { logSafe } from '../../report/visible.ts';
import { emptySelection } from '../../selection/empty.ts';
import type { ReadDirectory } from '../../selection/read-directory.ts';
import { select } from '../../selection/select.ts';
import type { Selection, SelectionOptions, Skipped } from '../../selection/types.ts';
import { pathProblem } from '../../store/object-key.ts';
import type { CommandPorts } from '../ports.ts';
import type { BackupRequest, OutputRequest } from './request.ts';
import { tellVanished } from './vanished.ts';

type Ports = Pick<CommandPorts, 'log' | 'signal' | 'temporaryDirectory'>;

/**
 * Finds the files; none where only the output of a command is asked for.
 *
 * @param readDirectory reads one directory; for tests
 * @returns undefined if nothing was found, nothing else is to be stored, and that is no error
 * @throws BackupError for what is wrong with the inputs, cannot be read or, where that is an error, vanished meanwhile
 */
export async function selectFiles(
  request: BackupRequest,
  ports: Ports,
  readDirectory?: ReadDirectory,
): Promise<Selection | undefined> {
  if (request.output !== undefined && request.selection.patterns.length === 0) return emptySelection();
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
  try {
    nothingFound(request, ports.log);
  } catch (error) {
    await selection.close();
    throw error;
  }
  if (request.output !== undefined) return selection;
  await selection.close();
  return undefined;
}

function optionsOf(
  { selection: wanted, packBelow, output }: BackupRequest,
  { temporaryDirectory, signal }: Ports,
): SelectionOptions {
  return {
    patterns: wanted.patterns,
    workspace: wanted.root,
    root: wanted.root,
    includeHiddenFiles: wanted.includeHiddenFiles,
    temporaryDirectory,
    pathProblem: (path) => pathProblem(path) ?? clash(path, output),
    smallBelow: packBelow,
    signal,
  };
}

/** Two entries cannot be at one path, nor can one be below another that is no directory. */
function clash(path: string, output: OutputRequest | undefined): string | undefined {
  if (output === undefined) return undefined;
  const [outer = '', inner = ''] = [path, output.path].sort((a, b) => a.length - b.length);
  if (inner !== outer && !inner.startsWith(`${outer}/`)) return undefined;
  return `it clashes with \`stdin-name\`, ${JSON.stringify(output.path)}`;
}

function describe({ totals, skipped }: Selection, log: Log): void {
  log.info(`Found ${entryKinds(totals)}`);
  sayLeftOut(log, 'hidden', skipped.hidden, 'set `include-hidden-files: true` to include them');
  sayLeftOut(log, 'credential', skipped.credentials, 'name one literally in `path` to include it');
  sayLeftOut(log, 'special', skipped.special, 'sockets, pipes and devices cannot be stored');
}

function sayLeftOut(log: Log, kind: string, { count: left, examples }: Skipped, hint: string): void {
  if (left === 0) return;
  log.info(`Left out ${count(left, `${kind} path`)} (${hint})`);
  for (const path of examples) log.info(`  ${logSafe(path)}`);
}

function nothingFound({ selection: { ifNoFilesFound, patterns, root }, output }: BackupRequest, log: Log): void {
  const message = `The input path ${JSON.stringify(patterns.join(' | '))} matches no file below ${JSON.stringify(root)}`;
  if (ifNoFilesFound === 'error') {
    throw new InputError(
      'path',
      `${message}, but at least one is required: correct the patterns, or set \`if-no-files-found\` to \`warn\` or \`ignore\`.`,
    );
  }
  const alone = output && 'the version has the output of the command alone';
  if (ifNoFilesFound === 'warn') {
    log.warn({ kind: 'no-files-found', message: `${message}; ${alone ?? 'no version was made'}.` });
  } else {
    log.info(`${logSafe(message)}; ${alone ?? 'no version is made'}`);
  }
}
