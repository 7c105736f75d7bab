import { mkdir, mkdtemp, opendir, realpath, rmdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { InputError, messageOf } from '../errors.ts';
import { isMissing } from '../selection/local-error.ts';
import { HERE, segmentsOf, startsWith } from '../selection/paths.ts';
import { fileSystemTraits } from './file-system.ts';
import { protectedPlaces } from './protected-places.ts';
import type { TargetDirectory } from './types.ts';

/** Where a restore is asked to go. */
export type TargetRequest =
  /** Absolute; made if it is not there. `inUse`: absolute; where later steps of the job are at home. */
  | { readonly path: string; readonly inUse?: string }
  /** A new directory below this one, whose name begins like this. `isScratch`: nobody uses what comes there. */
  | { readonly below: string; readonly name: string; readonly isScratch?: boolean };

export interface OpenTarget extends TargetDirectory {
  /** Takes the directories away again that were made for it, as far as they are empty. */
  undo(): Promise<void>;
}

/**
 * Finds or makes the target. Links on the way to it are the user's own and are followed, once, here; below it none is.
 *
 * @param runnerFiles absolute paths of what only the runner's own targets may reach
 * @throws InputError for a target that cannot be a directory; BackupError of class `local` where it cannot be written to
 */
export async function openTarget(request: TargetRequest, runnerFiles: readonly string[]): Promise<OpenTarget> {
  const isFresh = !('path' in request);
  const { made, given } = isFresh ? await makeFresh(request) : await makeNamed(request.path);
  const undo = () => removeEmpty(given, made);
  try {
    const path = await realpath(given);
    const traits = await fileSystemTraits(path);
    const runner = await Promise.all(runnerFiles.map(realIfThere));
    const keepsOutCommands = isFresh ? !request.isScratch : await isUsed(path, request.inUse);
    const places = protectedPlaces(path, { keepsOutCommands, runnerFiles: runner, style: HERE });
    return { path, isFresh, traits, places, style: HERE, undo };
  } catch (error) {
    await undo();
    throw error;
  }
}

interface Made {
  readonly given: string;
  /** The first directory that was made; undefined if all were there. */
  readonly made: string | undefined;
}

async function makeFresh({ below, name }: { readonly below: string; readonly name: string }): Promise<Made> {
  try {
    const given = await mkdtemp(join(below, `${name}-`));
    return { given, made: given };
  } catch (error) {
    throw unusable(below, error);
  }
}

async function makeNamed(given: string): Promise<Made> {
  try {
    const made = await mkdir(given, { recursive: true });
    if ((await stat(given)).isDirectory()) return { given, made };
  } catch (error) {
    throw unusable(given, error);
  }
  throw unusable(given, 'it is no directory');
}

/**
 * Whether what comes there joins something that commands are run in: a directory with content, or one that holds the
 * place where later steps run theirs.
 */
async function isUsed(target: string, inUse: string | undefined): Promise<boolean> {
  if (inUse !== undefined) {
    const place = await realIfThere(inUse);
    if (startsWith(segmentsOf(place, HERE), segmentsOf(target, HERE), HERE)) return true;
  }
  await using directory = await opendir(target);
  return (await directory.read()) !== null;
}

async function realIfThere(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch (error) {
    if (isMissing(error)) return path;
    throw error;
  }
}

/** From the target up to the first directory that was made. */
async function removeEmpty(target: string, made: string | undefined): Promise<void> {
  if (made === undefined) return;
  for (let path = target; path.startsWith(made); path = dirname(path)) {
    try {
      await rmdir(path);
    } catch {
      return; // no longer empty: it stays
    }
  }
}

function unusable(path: string, reason: unknown): InputError {
  return new InputError(
    'target',
    `The input \`target\` is ${JSON.stringify(path)}, but it cannot be made or used as a directory (${messageOf(reason)}): name another one.`,
    { cause: reason },
  );
}
