import {
  closeSync,
  fchmodSync,
  futimesSync,
  linkSync,
  openSync,
  renameSync,
  rmSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import { codeOf } from '../errors.ts';
import type { FileEntry } from '../series/model.ts';
import { secondsOf } from './file-time.ts';
import { restoredMode } from './permissions.ts';
import { CREATE_FLAGS, NO_LINKS, type Place, PRIVATE, temporaryName } from './temporary-file.ts';
import { writeError } from './write-error.ts';

/**
 * Writes a small file whose bytes are known to be good, in the same steps as a large one: beside its place, under a name
 * of its own, and with mode and time before it gets the final one. At once, because each wait costs more than writing a
 * few KiB. A failure leaves nothing behind.
 *
 * @throws BackupError of class `local`
 */
export function writeSmallFile(content: Uint8Array, entry: Pick<FileEntry, 'mode' | 'mtime'>, place: Place): void {
  const temporary = temporaryName(place.path);
  try {
    writeWhole(temporary, content, entry);
    moveInto(temporary, place);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw writeError(place.path, error);
  }
}

function writeWhole(path: string, content: Uint8Array, { mode, mtime }: Pick<FileEntry, 'mode' | 'mtime'>): void {
  const file = openSync(path, CREATE_FLAGS, PRIVATE);
  try {
    for (let written = 0; written < content.byteLength; ) {
      written += writeSync(file, content, written, content.byteLength - written, written);
    }
    // By handle, so that it is this very file whatever its name stands for by now.
    fchmodSync(file, restoredMode(mode));
    const seconds = secondsOf(mtime);
    futimesSync(file, seconds, seconds);
  } finally {
    closeSync(file);
  }
}

/** As `moveInto` of `temporary-file.ts`. */
function moveInto(temporary: string, { path, mayReplace }: Place): void {
  if (mayReplace) {
    renameSync(temporary, path);
    return;
  }
  try {
    linkSync(temporary, path);
  } catch (error) {
    if (!NO_LINKS.has(codeOf(error) ?? '')) throw error;
    replaceOwn(temporary, path);
    return;
  }
  unlinkSync(temporary);
}

/** Where there are no links: an empty file of our own takes the name first, and is what the rename replaces. */
function replaceOwn(temporary: string, path: string): void {
  closeSync(openSync(path, CREATE_FLAGS, PRIVATE));
  try {
    renameSync(temporary, path);
  } catch (error) {
    rmSync(path, { force: true });
    throw error;
  }
}
