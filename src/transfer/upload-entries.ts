import { isClass } from '../errors.ts';
import type { SelectedEntry, SelectedFile } from '../selection/types.ts';
import type { SeriesKeys } from '../series/keys.ts';
import type { Entry, FileEntry } from '../series/model.ts';
import { formatMtime } from '../series/mtime.ts';
import type { ObjectAttributes } from '../store/object-store.ts';
import type { Location } from './content-table.ts';
import { OUTGROWN } from './decide-batch.ts';
import type { LooseFiles } from './loose-files.ts';
import { mapOrdered } from './map-ordered.ts';
import type { Packer } from './packer.ts';
import { VANISHED } from './source-file.ts';
import type { UploadContext, UploadedFile } from './upload-file.ts';

/**
 * Entries begun and not yet delivered: bounds memory (about a kilobyte each), and how far small files may run ahead of a
 * large one. More than there are in the frames of packs that are made at once.
 */
export const WINDOW_ENTRIES = 16_384;

/** Of a file that is left out because it is gone. */
export const VANISHED_WARNING = {
  kind: 'file-vanished',
  message: 'A file vanished before it was read and is not part of this version.',
} as const;

export interface EntryUpload {
  readonly keys: SeriesKeys;
  /** ID of the version the objects belong to. */
  readonly id: string;
  readonly attributes: ObjectAttributes;
  readonly context: UploadContext;
  /** Stores what goes into no pack. */
  readonly loose: LooseFiles;
  /** Absent: every file is an object of its own. */
  readonly packing?: Packing | undefined;
}

export interface Packing {
  readonly packer: Packer;
  /** Bytes; smaller files go into packs. */
  readonly below: number;
}

/**
 * Stores the bytes of every file, small ones in packs and others as objects of their own, and delivers the version's
 * entries in the order of the selection. With `failOnChange` off, files that vanished are left out, with a warning. The
 * packs are still to be finished by whoever made the packer.
 */
export async function* uploadEntries(
  selected: AsyncIterable<SelectedEntry>,
  upload: EntryUpload,
): AsyncGenerator<Entry> {
  const failure = new AbortController();
  const signal = AbortSignal.any([upload.context.signal, failure.signal]);
  const stoppable = { ...upload, context: { ...upload.context, signal } };
  const entries = mapOrdered(flushed(selected, upload.packing), WINDOW_ENTRIES, async (entry) => {
    try {
      return await storeEntry(entry, stoppable);
    } catch (error) {
      // What waits for its turn would otherwise still be uploaded, for nothing.
      failure.abort(error);
      upload.packing?.packer.stop(error);
      throw error;
    }
  });
  for await (const entry of entries) {
    if (entry !== undefined) yield entry;
  }
}

/** After the last entry nothing else would fill the last frame. */
async function* flushed(selected: AsyncIterable<SelectedEntry>, packing?: Packing): AsyncGenerator<SelectedEntry> {
  yield* selected;
  packing?.packer.flush();
}

/** Up to the packer without a pause: entries go into packs in the order in which this is called. */
async function storeEntry(entry: SelectedEntry, upload: EntryUpload): Promise<Entry | undefined> {
  const { path, type } = entry;
  const mtime = formatMtime(entry.mtimeNs);
  if (type !== 'file') upload.packing?.packer.addOther(entry);
  switch (type) {
    case 'symlink':
      return { path, type, mtime, target: entry.target };
    case 'directory':
      return { path, type, mtime, mode: octal(entry.mode) };
    case 'file':
      return upload.context.failOnChange ? storeFile(entry, upload) : storeIfPresent(entry, upload);
  }
}

async function storeFile(file: SelectedFile, upload: EntryUpload): Promise<FileEntry> {
  const { packing } = upload;
  if (packing !== undefined && file.size < packing.below) {
    const packed = await packing.packer.addFile(file);
    if (packed !== OUTGROWN) return entryOf(file, packed.read, packed.location, upload);
  } else {
    packing?.packer.pass();
  }
  const { read, location } = await upload.loose.store(file, upload);
  return entryOf(file, read, location, upload);
}

function entryOf(file: SelectedFile, read: UploadedFile, location: Location, { context }: EntryUpload): FileEntry {
  if (read.changed) {
    context.log.warn({
      kind: 'file-changed',
      message:
        'A file changed while it was read; what was read is stored, and may be neither the old state nor the new.',
      subject: file.path,
    });
  }
  return {
    path: file.path,
    type: 'file',
    mode: octal(read.mode),
    mtime: formatMtime(read.mtimeNs),
    size: read.size,
    sha256: read.sha256,
    ...location,
  };
}

async function storeIfPresent(file: SelectedFile, upload: EntryUpload): Promise<FileEntry | undefined> {
  try {
    return await storeFile(file, upload);
  } catch (error) {
    if (!isClass(error, 'local') || error.details.code !== VANISHED) throw error;
    upload.context.log.warn({
      ...VANISHED_WARNING,
      subject: file.path,
    });
    return undefined;
  }
}

function octal(mode: number): string {
  return (mode & 0o7777).toString(8).padStart(4, '0');
}
