import type { SelectedFile } from '../selection/types.ts';
import type { FileEntry } from '../series/model.ts';
import { digestFile } from './digest-file.ts';
import type { StoredFile } from './large-contents.ts';
import type { UploadContext } from './upload-file.ts';

/**
 * Looks whether the base holds a large file. It is read for that only where the base has one of its size, and a second
 * time, to be stored, only where that turns out to be another.
 *
 * @returns undefined where the file has to be stored
 * @throws BackupError of class `local` (vanished, changed, unreadable)
 */
export async function findHeld(
  { absolutePath, size }: SelectedFile,
  before: FileEntry | undefined,
  context: UploadContext,
): Promise<StoredFile | undefined> {
  if (!context.known.mayHold(size)) return undefined;
  const read = await digestFile(absolutePath, context);
  const location = await context.known.find(read, before);
  return location && { read, location };
}
