import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, link, open, rename, rm, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import { codeOf } from '../errors.ts';
import { childPath, HERE } from '../selection/paths.ts';

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
}

/** A name beside `path` that nobody can foresee: 122 random bits, of which Node fetches many at once. */
export function temporaryName(path: string): string {
  return childPath(dirname(path), `.restore-${randomUUID().replaceAll('-', '')}.tmp`, HERE);
}

function createFile(path: string): Promise<FileHandle> {
  return open(path, CREATE_FLAGS, PRIVATE);
}

/** A file beside its place that is made when the first bytes are there: files that wait for their turn are not open. */
export class TemporaryFile {
  readonly path: string;
  #opened: Promise<FileHandle> | undefined;
  #isMoved = false;

  /** @param place absolute path of the file to be */
  constructor(place: string) {
    this.path = temporaryName(place);
  }

  open(): Promise<FileHandle> {
    this.#opened ??= createFile(this.path);
    return this.#opened;
  }

  async write(bytes: Uint8Array, position: number): Promise<void> {
    const handle = await this.open();
    for (let written = 0; written < bytes.byteLength; ) {
      const { bytesWritten } = await handle.write(bytes, written, bytes.byteLength - written, position + written);
      written += bytesWritten;
    }
  }

  async close(): Promise<void> {
    await (await this.#opened)?.close();
    this.#opened = undefined;
  }

  /** Gives it its final name, see {@link moveInto}. To be closed before. */
  async moveTo({ path, mayReplace }: Place): Promise<void> {
    await moveInto(this.path, path, mayReplace);
    this.#isMoved = true;
  }

  /** Closes it too; may be called at any time, also when it has its final name and there is nothing to remove. */
  async remove(): Promise<void> {
    const [handle] = await Promise.allSettled([this.#opened]);
    if (handle.status === 'fulfilled') await handle.value?.close();
    if (!this.#isMoved) await rm(this.path, { force: true });
  }
}

/**
 * Gives a complete file or link its final name.
 *
 * @param mayReplace false: what has come into being at the name in the meantime stays, and the call fails with `EEXIST`
 */
export async function moveInto(temporary: string, path: string, mayReplace: boolean): Promise<void> {
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
  // `rm` would first look, in this thread, at what it is.
  await unlink(temporary);
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
