import { isDeepStrictEqual } from 'node:util';
import { isClass } from '../errors.ts';
import type { SelectedEntry, SelectedFile } from '../selection/types.ts';
import { locationAt } from '../series/content-location.ts';
import type { SeriesKeys } from '../series/keys.ts';
import type { ContentLocation, Entry, FileEntry, FileStat } from '../series/model.ts';
import { formatMtime } from '../series/mtime.ts';
import { VANISHED } from '../source-file.ts';
import type { ObjectAttributes } from '../store/object-store.ts';
import type { CommandOutput } from './command-output.ts';
import { OUTGROWN } from './decide-batch.ts';
import type { LooseFiles } from './loose-files.ts';
import { mapOrdered } from './map-ordered.ts';
import type { Packer } from './packer.ts';
import type { UploadContext, UploadedFile } from './upload-file.ts';

/**
 * Entries begun and not yet delivered: bounds memory (about a kilobyte each), and how far small files may run ahead of a
 * large one. More than there are in the frames of packs that are made at once.
 */
export const WINDOW_ENTRIES = 16_384;

/** The same where every file is an object of its own: each takes some 5 kB, and no frames are to be filled. */
const LOOSE_WINDOW_ENTRIES = 4_096;

/** Of a file that is left out because it is gone. */
export const VANISHED_WARNING = {
  kind: 'file-vanished',
  message: 'A file vanished before it was read and is not part of this version.',
} as const;

/** What is to be stored at a path, beside what the base has there. */
export interface Candidate {
  readonly selected: SelectedEntry | CommandOutput;
  readonly before?: Entry | undefined;
}

/** What became of a candidate. */
export interface Stored {
  readonly before?: Entry | undefined;
  /** Absent of a file that vanished. */
  readonly entry?: Entry | undefined;
}

export interface EntryUpload {
  readonly keys: SeriesKeys;
  /** ID of the version the objects belong to. */
  readonly id: string;
  /** Of the attempt at the version, where it is not the first. */
  readonly turn?: number | undefined;
  readonly attributes: ObjectAttributes;
  /** `stat`: a file whose size, mtime, ctime and inode are as they were is not read; entries keep the latter two. */
  readonly changeDetection: 'content' | 'stat';
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
 * Stores the bytes of every file that are not stored yet, small ones in packs and others as objects of their own, and
 * delivers the version's entries in the order of the selection. With `failOnChange` off, files that vanished are left
 * out, with a warning. The packs are still to be finished by whoever made the packer.
 */
export async function* uploadEntries(
  candidates: AsyncIterable<Candidate>,
  upload: EntryUpload,
): AsyncGenerator<Stored> {
  const failure = new AbortController();
  const signal = AbortSignal.any([upload.context.signal, failure.signal]);
  const stoppable = { ...upload, context: { ...upload.context, signal } };
  const begun = packed(candidates, upload.packing);
  const window = upload.packing === undefined ? LOOSE_WINDOW_ENTRIES : WINDOW_ENTRIES;
  // What waits for its turn would otherwise still be uploaded, for nothing.
  const stop = () => upload.packing?.packer.stop(signal.reason);
  signal.addEventListener('abort', stop, { once: true });
  try {
    yield* mapOrdered(begun, window, async ({ selected, before }): Promise<Stored> => {
      try {
        return { before, entry: await storeEntry(selected, before, stoppable) };
      } catch (error) {
        failure.abort(error);
        throw error;
      }
    });
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

/**
 * No faster than packs are made; and after the last entry, or where whoever takes them stops, nothing else would fill the
 * last frame.
 */
async function* packed(candidates: AsyncIterable<Candidate>, packing?: Packing): AsyncGenerator<Candidate> {
  try {
    for await (const candidate of candidates) {
      await packing?.packer.room();
      yield candidate;
    }
  } finally {
    packing?.packer.flush();
  }
}

/** Up to the packer without a pause: entries go into packs in the order in which this is called. */
async function storeEntry(
  entry: SelectedEntry | CommandOutput,
  base: Entry | undefined,
  upload: EntryUpload,
): Promise<Entry | undefined> {
  const before = base?.type === 'file' ? base : undefined;
  if (entry.type === 'output') {
    upload.packing?.packer.pass();
    return entry.store(before, upload);
  }
  const { path, type } = entry;
  const mtime = formatMtime(entry.mtimeNs);
  if (type !== 'file') packOther(entry, base, upload);
  switch (type) {
    case 'symlink':
      return { path, type, mtime, target: entry.target };
    case 'directory':
      return { path, type, mtime, mode: octal(entry.mode) };
    case 'file':
      if (before !== undefined && isUntouched(entry, before, upload)) return kept(entry, before, upload);
      return upload.context.failOnChange ? storeFile(entry, before, upload) : storeIfPresent(entry, before, upload);
  }
}

/** Of what was read for an entry. */
type ReadState = Pick<UploadedFile, 'size' | 'sha256' | 'mode' | 'mtimeNs' | 'changed'>;

/** Links and directories are in packs for those who restore with tar: those that are new. The index has all of them. */
function packOther(
  entry: Exclude<SelectedEntry, SelectedFile>,
  before: Entry | undefined,
  { packing }: EntryUpload,
): void {
  if (before !== undefined && isSame(entry, before)) packing?.packer.pass();
  else packing?.packer.addOther(entry);
}

function isSame(entry: Exclude<SelectedEntry, SelectedFile>, before: Entry): boolean {
  return entry.type === 'symlink'
    ? before.type === 'symlink' && before.target === entry.target
    : before.type === 'directory' && before.mode === octal(entry.mode);
}

/** The shortcut of `change-detection: stat`. An entry of a version made without it says too little for that. */
function isUntouched(file: SelectedFile, before: FileEntry, { changeDetection, context }: EntryUpload): boolean {
  return (
    changeDetection === 'stat' &&
    file.size === before.size &&
    formatMtime(file.mtimeNs) === before.mtime &&
    before.stat !== undefined &&
    isDeepStrictEqual(statOf(file), before.stat) &&
    context.known.isUsable(before)
  );
}

function kept(file: SelectedFile, before: FileEntry, { context, packing }: EntryUpload): FileEntry {
  packing?.packer.pass();
  context.onSent(0, before.size);
  return { ...before, mode: octal(file.mode) };
}

async function storeFile(file: SelectedFile, before: FileEntry | undefined, upload: EntryUpload): Promise<FileEntry> {
  const { packing } = upload;
  if (packing !== undefined && file.size < packing.below) {
    const packed = await packing.packer.addFile(file, before);
    if (packed !== OUTGROWN) return entryOf(file, packed.read, packed.location, upload);
  } else {
    packing?.packer.pass();
  }
  const { read, location } = await upload.loose.store(file, before, upload);
  return entryOf(file, read, location, upload);
}

function entryOf(
  file: SelectedFile,
  read: ReadState,
  location: ContentLocation,
  { changeDetection, context }: EntryUpload,
): FileEntry {
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
    ...locationAt(file.path, location),
    ...(changeDetection === 'stat' && { stat: statOf(file) }),
  };
}

/** As listed: what is written to the file later changes it, so what was read is never taken for something newer. */
function statOf({ ctimeNs, inode }: SelectedFile): FileStat {
  return { ctime: formatMtime(ctimeNs), inode: inode.toString() };
}

async function storeIfPresent(
  file: SelectedFile,
  before: FileEntry | undefined,
  upload: EntryUpload,
): Promise<FileEntry | undefined> {
  try {
    return await storeFile(file, before, upload);
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
