import { type BigIntStats, closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { BackupError, codeOf, messageOf } from './errors.ts';

/**
 * No link is followed, and a pipe that took a file's place does not make the open wait for a writer. Windows has neither
 * flag, and making a link there needs rights a runner's user does not have by default.
 */
export const OPEN_FLAGS = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

/** Codes by which the system says that what was selected is no longer there, or is no longer a file. */
const GONE_CODES = new Set(['ENOENT', 'ENOTDIR', 'ELOOP', 'EMLINK', 'EISDIR']);

/** What of a file's status tells that its bytes may have changed. */
export interface FileState {
  readonly size: number;
  readonly mtimeNs: bigint;
  readonly ctimeNs: bigint;
  readonly inode: bigint;
  /** Permission bits. */
  readonly mode: number;
}

/** A file that is being read once from start to end (and in places again, when a part has to be sent again). */
export class SourceFile {
  readonly path: string;
  /** As it was when opened. */
  readonly state: FileState;
  readonly #handle: FileHandle;

  private constructor(path: string, handle: FileHandle, state: FileState) {
    this.path = path;
    this.#handle = handle;
    this.state = state;
  }

  /** @throws BackupError of class `local`, code `VANISHED` where the file is gone */
  static async open(path: string): Promise<SourceFile> {
    try {
      const handle = await open(path, OPEN_FLAGS);
      try {
        return new SourceFile(path, handle, await stateOf(handle));
      } catch (error) {
        await handle.close();
        throw error;
      }
    } catch (error) {
      throw readError(path, error);
    }
  }

  /**
   * Fills `buffer` from `position` on.
   * @returns the number of bytes read: fewer than asked for only at the end of the file
   */
  async read(buffer: Uint8Array, position: number): Promise<number> {
    let filled = 0;
    try {
      while (filled < buffer.byteLength) {
        const rest = buffer.byteLength - filled;
        const { bytesRead } = await this.#handle.read(buffer, filled, rest, position + filled);
        if (bytesRead === 0) break;
        filled += bytesRead;
      }
    } catch (error) {
      throw readError(this.path, error);
    }
    return filled;
  }

  /** As it is now. */
  look(): Promise<FileState> {
    return stateOf(this.#handle);
  }

  close(): Promise<void> {
    return this.#handle.close();
  }
}

/** A file that was read from start to end. */
export interface WholeFile {
  readonly path: string;
  /** As it was before it was read. */
  readonly state: FileState;
  /** Bytes that are in the buffer; fewer than it has room for only at the file's end. */
  readonly read: number;
  /** The file was not the same any more when its end was reached. */
  readonly changed: boolean;
}

/** Up to this size a file is read in the calling thread: 9 µs for a few KiB, where handing it on takes 180 µs. */
export const READ_HERE_BYTES = 256 * 1024;

/** As `fs.readSync` reads from a place in a file. */
type ReadFile = (file: number, buffer: Uint8Array, offset: number, length: number, position: number) => number;

/**
 * Reads a file into a buffer in one go.
 * @param readFile reads from a small file; for tests
 * @throws BackupError of class `local`, code `VANISHED` where the file is gone
 */
export async function readWhole(path: string, buffer: Uint8Array, readFile: ReadFile = readSync): Promise<WholeFile> {
  if (buffer.byteLength <= READ_HERE_BYTES) return readHere(path, buffer, readFile);
  const file = await SourceFile.open(path);
  try {
    const read = await file.read(buffer, 0);
    return {
      path,
      state: file.state,
      read,
      changed: read !== file.state.size || differs(file.state, await file.look()),
    };
  } finally {
    await file.close();
  }
}

function readHere(path: string, buffer: Uint8Array, readFile: ReadFile): WholeFile {
  try {
    const file = openSync(path, OPEN_FLAGS);
    try {
      const state = fileState(fstatSync(file, { bigint: true }));
      const read = fillFrom(file, buffer, readFile);
      return {
        path,
        state,
        read,
        changed: read !== state.size || differs(state, fileState(fstatSync(file, { bigint: true }))),
      };
    } finally {
      closeSync(file);
    }
  } catch (error) {
    throw readError(path, error);
  }
}

function fillFrom(file: number, buffer: Uint8Array, readFile: ReadFile): number {
  let filled = 0;
  for (let bytes = -1; bytes !== 0 && filled < buffer.byteLength; filled += bytes) {
    bytes = readFile(file, buffer, filled, buffer.byteLength - filled, filled);
  }
  return filled;
}

async function stateOf(handle: FileHandle): Promise<FileState> {
  return fileState(await handle.stat({ bigint: true }));
}

/** @throws Error with code `EISDIR` for what is no file */
export function fileState(status: BigIntStats): FileState {
  if (!status.isFile()) throw Object.assign(new Error('it is no file any more'), { code: 'EISDIR' });
  const { size, mtimeNs, ctimeNs, ino, mode } = status;
  return { size: Number(size), mtimeNs, ctimeNs, inode: ino, mode: Number(mode & 0o7777n) };
}

/** True if the file was written to between two looks at it, or may have been. */
export function differs(before: FileState, now: FileState): boolean {
  return now.size !== before.size || now.mtimeNs !== before.mtimeNs || now.ctimeNs !== before.ctimeNs;
}

/** What {@link differs} looks at; times in nanoseconds since 1970. */
export function inWords({ size, mtimeNs, ctimeNs }: FileState, read = size): string {
  return `${read} bytes, mtime ${mtimeNs}, ctime ${ctimeNs}`;
}

/** The code of a {@link BackupError} that says that a file is not what was selected any more. */
export const VANISHED = 'VANISHED';
export const CHANGED = 'CHANGED';

/** The error for a file that cannot be opened or read; code {@link VANISHED} where it is gone. */
export function readError(path: string, cause: unknown): BackupError {
  const code = codeOf(cause);
  const gone = code !== undefined && GONE_CODES.has(code);
  const what = gone ? 'vanished before it was read' : `cannot be read: ${messageOf(cause)}`;
  return new BackupError(`The file ${JSON.stringify(path)} ${what}.`, {
    class: 'local',
    operation: 'read file',
    key: path,
    ...(gone ? { code: VANISHED } : code === undefined ? {} : { code }),
    hint: gone
      ? CHANGED_HINT
      : 'Make the file readable for whoever runs this, or exclude the file with a `!` line in `path`.',
    cause,
  });
}

/** What to do about files that do not stay as they are. */
export const CHANGED_HINT =
  'Back up after the steps that write it, exclude it with a `!` line in `path`, or set `if-file-changed: warn`.';

/** The error for a file that was written to while it was read. */
export function changedError(path: string, expected: string, found: string): BackupError {
  return new BackupError(`The file ${JSON.stringify(path)} changed while it was read.`, {
    class: 'local',
    operation: 'read file',
    key: path,
    code: CHANGED,
    expected,
    found,
    hint: CHANGED_HINT,
  });
}
