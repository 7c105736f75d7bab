import { randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { type FileHandle, open, realpath, rename, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { BackupError } from './errors.ts';
import { temporaryFileError } from './temporary-file-error.ts';

/** Text that is collected before it is written, and read at once. */
const CHUNK_CHARACTERS = 256 * 1024;

/**
 * A list of lines on disk, so that memory does not depend on how many there are. Written once from start to end, read
 * as often as needed, removed when done.
 */
export class LineSpool {
  /** Absolute, without symbolic links: a walk that comes by can tell it. */
  readonly path: string;
  readonly #handle: FileHandle;
  #pending = '';

  private constructor(path: string, handle: FileHandle) {
    this.path = path;
    this.#handle = handle;
  }

  /**
   * @param directory absolute; has to exist
   * @throws BackupError of class `local` if the file cannot be created
   */
  static async create(directory: string, name: string): Promise<LineSpool> {
    try {
      const path = join(await realpath(directory), `${name}-${randomUUID()}.ndjson`);
      return new LineSpool(path, await open(path, 'wx', 0o600));
    } catch (cause) {
      throw spoolError('created in', directory, cause);
    }
  }

  /**
   * @param line with its newline
   * @throws BackupError of class `local`, for instance when the disk is full
   */
  async append(line: string): Promise<void> {
    this.#pending += line;
    if (this.#pending.length >= CHUNK_CHARACTERS) await this.#flush();
  }

  /** To be called once, after the last line and before the first is read. */
  async finish(): Promise<void> {
    await this.#flush();
    await this.#handle.close();
  }

  /**
   * Moves the file to where it stays. To be called when it is finished, instead of all that follows.
   * @param directory absolute; on the same file system
   * @returns its absolute path
   * @throws BackupError of class `local`
   */
  async keepIn(directory: string): Promise<string> {
    try {
      const path = join(await realpath(directory), basename(this.path));
      await rename(this.path, path);
      return path;
    } catch (cause) {
      throw spoolError('kept in', directory, cause);
    }
  }

  /** The lines, each with its newline. */
  async *lines(): AsyncGenerator<string> {
    let rest = '';
    for await (const chunk of createReadStream(this.path, { encoding: 'utf8', highWaterMark: CHUNK_CHARACTERS })) {
      const lines = (rest + chunk).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) yield `${line}\n`;
    }
  }

  /** Removes the file; may be called at any time and more than once. */
  async remove(): Promise<void> {
    this.#pending = '';
    await this.#handle.close();
    await rm(this.path, { force: true });
  }

  async #flush(): Promise<void> {
    const text = this.#pending;
    this.#pending = '';
    try {
      await this.#handle.appendFile(text);
    } catch (cause) {
      throw spoolError('written to', this.path, cause);
    }
  }
}

function spoolError(what: string, path: string, cause: unknown): BackupError {
  return temporaryFileError(`A temporary list cannot be ${what} ${JSON.stringify(path)}`, path, cause);
}
