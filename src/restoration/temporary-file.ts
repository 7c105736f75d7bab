import { constants, type Stats } from 'node:fs';
import { type FileHandle, link, open, rename, rm, unlink } from 'node:fs/promises';
import pLimit from 'p-limit';
import { BackupError, codeOf } from '../errors.ts';
import { statOf } from './parents.ts';
import { type TemporaryNaming, temporaryName } from './temporary-name.ts';

/** Never opens what is there already, whether a file or a link that somebody put in the way. */
export const CREATE_FLAGS = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | (constants.O_NOFOLLOW ?? 0);
/** What is not known to be good yet is for nobody else to read. */
export const PRIVATE = 0o600;
/** How file systems say that they have no hard links. */
export const NO_LINKS = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK']);

/** Where an entry is written to. */
export interface Place {
  /** Absolute. */
  readonly path: string;
  /** Whether something may be there that gives way. */
  readonly mayReplace: boolean;
  readonly naming: TemporaryNaming;
}

function createFile(path: string): Promise<FileHandle> {
  return open(path, CREATE_FLAGS, PRIVATE);
}

/**
 * Makes something under a temporary name. What a killed restore has left there gives way; a link is not followed, and a
 * directory stays and is an error.
 */
export async function makeAnew<T>(path: string, make: (path: string) => Promise<T>): Promise<T> {
  try {
    return await make(path);
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error;
  }
  await unlinkIfThere(path);
  return make(path);
}

/** A file beside its place that is made when the first bytes are there: files that wait for their turn are not open. */
export class TemporaryFile {
  readonly path: string;
  readonly #place: Place;
  readonly #turn = pLimit(1);
  #opened: Promise<FileHandle> | undefined;
  /** Complete, closed, and the one that has the name. */
  #isFinished = false;

  constructor(place: Place) {
    this.path = temporaryName(place.path, place.naming);
    this.#place = place;
  }

  open(): Promise<FileHandle> {
    this.#opened ??= makeAnew(this.path, createFile);
    return this.#opened;
  }

  /**
   * One after another: writers of one file wait for each other in the kernel, and burn half of the processor time with it.
   */
  write(bytes: Uint8Array, position: number): Promise<void> {
    return this.#turn(() => this.#write(bytes, position));
  }

  async #write(bytes: Uint8Array, position: number): Promise<void> {
    const handle = await this.open();
    for (let written = 0; written < bytes.byteLength; ) {
      const { bytesWritten } = await handle.write(bytes, written, bytes.byteLength - written, position + written);
      written += bytesWritten;
    }
  }

  /**
   * Closes it. To be called when every byte is written, and before it is moved.
   * @throws BackupError of class `local` where another restore has taken the name in the meantime
   */
  async finish(): Promise<void> {
    const handle = await this.open();
    if (!(await this.#hasName(handle))) throw takenByAnother(this.#place.path);
    this.#opened = undefined;
    this.#isFinished = true;
    await handle.close();
  }

  /** Gives it its final name, see {@link moveInto}. To be finished before. */
  async move(): Promise<void> {
    await moveInto(this.path, this.#place);
    this.#isFinished = false;
  }

  /** Closes it too; may be called at any time, also when it has its final name and there is nothing to remove. */
  async remove(): Promise<void> {
    const [opened] = await Promise.allSettled([this.#opened]);
    const handle = opened.status === 'fulfilled' ? opened.value : undefined;
    const hasName = handle === undefined ? this.#isFinished : await this.#hasName(handle).catch(() => false);
    await handle?.close();
    if (hasName) await rm(this.path, { force: true });
  }

  /** Not by the number of names: NFS gives a removed file that is open another one. */
  async #hasName(handle: FileHandle): Promise<boolean> {
    return isStillThere(await handle.stat(), await statOf(this.path));
  }
}

function isSameFile(file: Stats, found: Stats | undefined): boolean {
  return found !== undefined && file.dev === found.dev && file.ino === found.ino;
}

/**
 * Whether the file that was written is the one found under its temporary name. Some file systems number a file anew each
 * time it is looked at: there its size tells, and its time, which a file has only once it is complete.
 */
export function isStillThere(file: Stats, found: Stats | undefined): boolean {
  if (isSameFile(file, found)) return true;
  return file.nlink > 0 && file.size === found?.size && file.mtimeMs === found.mtimeMs;
}

/** The other has removed what this one was at, as if it were left by a killed restore, and begun anew. */
export function takenByAnother(path: string): BackupError {
  return new BackupError(`Another restore writes ${JSON.stringify(path)} at the same time.`, {
    class: 'local',
    operation: 'write',
    key: path,
    hint: 'Let one end before the next begins, or give each a `target` of its own.',
  });
}

/**
 * Where a restore was killed between giving a complete file its final name and taking the temporary one away.
 *
 * @param stats of what is at `path`
 */
export async function removeSecondName(path: string, stats: Stats, naming: TemporaryNaming): Promise<void> {
  if (!stats.isFile() || stats.nlink < 2 || naming === 'random') return;
  const temporary = temporaryName(path, naming);
  if (!isSameFile(stats, await statOf(temporary))) return;
  // The file is whole: where its directory is read-only by now, a name too many is no reason to fail.
  await unlinkIfThere(temporary).catch(() => {});
}

/** Not `rm`, which would first look, in this thread, at what it is. */
async function unlinkIfThere(path: string): Promise<void> {
  try {
    await unlink(path);
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error;
  }
}

/**
 * Gives a complete file or link its final name. If it may not replace, what has come into being there in the meantime
 * stays, and the call fails with `EEXIST`.
 */
export async function moveInto(temporary: string, { path, mayReplace }: Place): Promise<void> {
  if (mayReplace) await rename(temporary, path);
  else await moveWithoutReplacing(temporary, path);
}

/** `rename` would replace; a second name for the file does not. */
async function moveWithoutReplacing(temporary: string, path: string): Promise<void> {
  try {
    await link(temporary, path);
  } catch (error) {
    if (!NO_LINKS.has(codeOf(error) ?? '')) throw error;
    await replaceOwn(temporary, path);
    return;
  }
  await unlinkIfThere(temporary);
}

/** Where there are no links: an empty file of our own takes the name first, and is what the rename replaces. */
async function replaceOwn(temporary: string, path: string): Promise<void> {
  await (await createFile(path)).close();
  try {
    await rename(temporary, path);
  } catch (error) {
    await rm(path, { force: true });
    throw error;
  }
}
