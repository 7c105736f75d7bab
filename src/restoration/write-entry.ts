import { constants } from 'node:fs';
import { type FileHandle, lutimes, open, rm, symlink, utimes } from 'node:fs/promises';
import { HERE } from '../selection/paths.ts';
import type { Entry, SymlinkEntry } from '../series/model.ts';
import { type EntrySource, readEntry } from '../transfer/read-entry.ts';
import type { ReadContext } from '../transfer/read-object.ts';
import { secondsOf } from './file-time.ts';
import { statOf } from './parents.ts';
import { restoredMode } from './permissions.ts';
import { makeAnew, moveInto, type Place, TemporaryFile, takenByAnother } from './temporary-file.ts';
import { temporaryName } from './temporary-name.ts';
import { writeError } from './write-error.ts';

const READ_FLAGS = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0);

/**
 * Fetches a file beside its place, under a name of its own, and gives it the final one when every byte is known to be
 * good and mode and time are set. A failure leaves nothing behind.
 */
export async function writeFileEntry(source: EntrySource, place: Place, context: ReadContext): Promise<void> {
  await guarded(place.path, async () => {
    const file = new TemporaryFile(place);
    try {
      await readEntry(source, (...bytes) => file.write(...bytes), context);
      await setMetadata(await file.open(), source.entry);
      await file.finish();
      await file.move();
    } finally {
      await file.remove();
    }
  });
}

/** Without following it: the link itself gets the time, and what it points at nothing. */
export async function writeLinkEntry(entry: SymlinkEntry, place: Place): Promise<void> {
  const mtime = secondsOf(entry.mtime);
  await guarded(place.path, async () => {
    if (!place.mayReplace) {
      await symlink(entry.target, place.path);
      await lutimes(place.path, mtime, mtime);
      return;
    }
    await replaceByLink(entry.target, mtime, place);
  });
}

async function replaceByLink(target: string, mtime: number, place: Place): Promise<void> {
  const temporary = temporaryName(place.path, place.naming);
  await makeAnew(temporary, (path) => symlink(target, path));
  let isOurs = true;
  try {
    await lutimes(temporary, mtime, mtime);
    isOurs = (await statOf(temporary))?.isSymbolicLink() ?? false;
    if (!isOurs) throw takenByAnother(place.path);
    await moveInto(temporary, place);
  } catch (error) {
    if (isOurs) await rm(temporary, { force: true });
    throw error;
  }
}

/** Mode and time of what is there with the right content. */
export async function touchEntry(entry: Entry, path: string): Promise<void> {
  const mtime = secondsOf(entry.mtime);
  await guarded(path, async () => {
    if (entry.type === 'symlink') return lutimes(path, mtime, mtime);
    // Windows opens no directories, and knows no bits of theirs.
    if (entry.type === 'directory' && HERE.separator === '\\') return utimes(path, mtime, mtime);
    const handle = await open(path, READ_FLAGS);
    try {
      await setMetadata(handle, entry);
    } finally {
      await handle.close();
    }
  });
}

/** By handle, so that it is this very file whatever its name stands for by now (CVE-2024-52522). */
async function setMetadata(handle: FileHandle, { mode, mtime }: Exclude<Entry, SymlinkEntry>): Promise<void> {
  await handle.chmod(restoredMode(mode));
  const seconds = secondsOf(mtime);
  await handle.utimes(seconds, seconds);
}

async function guarded(path: string, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    throw writeError(path, error);
  }
}
