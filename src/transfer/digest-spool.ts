import { randomUUID } from 'node:crypto';
import { type FileHandle, open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { BackupError } from '../errors.ts';
import { temporaryFileError } from '../temporary-file-error.ts';
import { DigestTable } from './digest-table.ts';

/** Lines that are collected before they are written. */
const CHUNK_BYTES = 256 * 1024;
/** What is read to find a line: nearly all are shorter. */
const READ_BYTES = 1024;

/**
 * Facts by a digest, for more of them than memory holds: the lines are on disk, and a table of positions is in memory.
 * Facts are plain objects as JSON has them.
 */
export class DigestSpool<Line extends { readonly sha256: string }> {
  readonly #path: string;
  readonly #handle: FileHandle;
  readonly #table: DigestTable;
  /** Not yet written: by position, and as one text. */
  readonly #pending = new Map<number, Line>();
  #chunk: Buffer[] = [];
  #written = 0;
  #end = 0;

  private constructor(path: string, handle: FileHandle, expected: number) {
    this.#path = path;
    this.#handle = handle;
    this.#table = new DigestTable(expected);
  }

  /**
   * @param directory absolute; has to exist
   * @param name the file begins with it
   * @param expected lines; more may come
   * @throws BackupError of class `local` if the file cannot be created
   */
  static async create<Line extends { readonly sha256: string }>(
    directory: string,
    name: string,
    expected: number,
  ): Promise<DigestSpool<Line>> {
    const path = join(directory, `${name}-${randomUUID()}.ndjson`);
    try {
      return new DigestSpool<Line>(path, await open(path, 'wx+', 0o600), expected);
    } catch (cause) {
      throw spoolError('created', path, cause);
    }
  }

  /** @throws BackupError of class `local` */
  async add(line: Line): Promise<void> {
    const bytes = Buffer.from(`${JSON.stringify(line)}\n`);
    this.#table.add(line.sha256, this.#end);
    this.#pending.set(this.#end, line);
    this.#chunk.push(bytes);
    this.#end += bytes.byteLength;
    if (this.#end - this.#written >= CHUNK_BYTES) await this.#flush();
  }

  /** What was added under a digest, in the order of adding. @throws BackupError of class `local` */
  async *find(sha256: string): AsyncGenerator<Line> {
    for (const position of this.#table.candidates(sha256)) {
      const line = this.#pending.get(position) ?? (await this.#lineAt(position));
      if (line.sha256 === sha256) yield line;
    }
  }

  /** Removes the file; may be called more than once. */
  async remove(): Promise<void> {
    await this.#handle.close();
    await rm(this.#path, { force: true });
  }

  /** What comes meanwhile goes to the next chunk; what is on its way is still found among the pending. */
  async #flush(): Promise<void> {
    const [chunk, start] = [Buffer.concat(this.#chunk), this.#written];
    const positions = [...this.#pending.keys()];
    this.#chunk = [];
    this.#written = this.#end;
    try {
      await this.#handle.write(chunk, 0, chunk.byteLength, start);
    } catch (cause) {
      throw spoolError('written', this.#path, cause);
    }
    for (const position of positions) this.#pending.delete(position);
  }

  async #lineAt(position: number): Promise<Line> {
    for (let length = READ_BYTES; ; length *= 4) {
      const buffer = Buffer.allocUnsafe(length);
      const { bytesRead } = await this.#read(buffer, position);
      const end = buffer.subarray(0, bytesRead).indexOf(10);
      if (end !== -1) return JSON.parse(buffer.toString('utf8', 0, end));
      if (bytesRead < length) throw spoolError('read', this.#path, new Error('it is shorter than it was'));
    }
  }

  async #read(buffer: Buffer, position: number) {
    try {
      return await this.#handle.read(buffer, 0, buffer.byteLength, position);
    } catch (cause) {
      throw spoolError('read', this.#path, cause);
    }
  }
}

function spoolError(what: string, path: string, cause: unknown): BackupError {
  return temporaryFileError(`The temporary file ${JSON.stringify(path)} cannot be ${what}`, path, cause);
}
