import {
  closeSync,
  fchmodSync,
  fstatSync,
  futimesSync,
  linkSync,
  lstatSync,
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
import { CREATE_FLAGS, isStillThere, NO_LINKS, type Place, PRIVATE, takenByAnother } from './temporary-file.ts';
import { temporaryName } from './temporary-name.ts';
import { writeError } from './write-error.ts';

/**
 * Writes a small file whose bytes are known to be good, in the same steps as a large one: beside its place, under a name
 * of its own, and with mode and time before it gets the final one. At once, because each wait costs more than writing a
 * few KiB. A failure leaves nothing behind.
 *
 * @throws BackupError of class `local`
 */
export function writeSmallFile(content: Uint8Array, entry: Pick<FileEntry, 'mode' | 'mtime'>, place: Place): void {
  try {
    writeBeside(temporaryName(place.path, place.naming), content, entry, place);
  } catch (error) {
    throw writeError(place.path, error);
  }
}

function writeBeside(
  temporary: string,
  content: Uint8Array,
  entry: Pick<FileEntry, 'mode' | 'mtime'>,
  place: Place,
): void {
  const file = createAnew(temporary);
  let isOurs = true;
  try {
    try {
      writeWhole(file, content, entry);
    } finally {
      isOurs = hasName(file, temporary);
      closeSync(file);
    }
    if (!isOurs) throw takenByAnother(place.path);
    moveInto(temporary, place);
  } catch (error) {
    if (isOurs) rmSync(temporary, { force: true });
    throw error;
  }
}

/** As `makeAnew` of `temporary-file.ts`. */
function createAnew(path: string): number {
  try {
    return openSync(path, CREATE_FLAGS, PRIVATE);
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error;
  }
  unlinkIfThere(path);
  return openSync(path, CREATE_FLAGS, PRIVATE);
}

function writeWhole(file: number, content: Uint8Array, { mode, mtime }: Pick<FileEntry, 'mode' | 'mtime'>): void {
  for (let written = 0; written < content.byteLength; ) {
    written += writeSync(file, content, written, content.byteLength - written, written);
  }
  // By handle, so that it is this very file whatever its name stands for by now.
  fchmodSync(file, restoredMode(mode));
  const seconds = secondsOf(mtime);
  futimesSync(file, seconds, seconds);
}

/** Another restore of the same file may have taken it. */
function hasName(file: number, path: string): boolean {
  try {
    return isStillThere(fstatSync(file), lstatSync(path, { throwIfNoEntry: false }));
  } catch {
    return false; // What cannot be known to be ours is not moved, and not removed.
  }
}

function unlinkIfThere(path: string): void {
  try {
    unlinkSync(path);
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error;
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
  unlinkIfThere(temporary);
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
