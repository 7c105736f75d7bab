import { isClass } from '../errors.ts';
import type { SelectedEntry, SelectedFile } from '../selection/types.ts';
import type { SeriesKeys } from '../series/keys.ts';
import type { Entry, FileEntry } from '../series/model.ts';
import { formatMtime } from '../series/mtime.ts';
import type { ObjectAttributes } from '../store/object-store.ts';
import { contentTypeOf } from './content-type.ts';
import { mapOrdered } from './map-ordered.ts';
import { VANISHED } from './source-file.ts';
import { type UploadContext, uploadFile } from './upload-file.ts';

/** Entries begun and not yet delivered: bounds memory, and how far small files may run ahead of a large one. */
export const WINDOW_ENTRIES = 1024;

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
}

/**
 * Stores the bytes of every file as an object of its own and delivers the version's entries in the order of the
 * selection. With `failOnChange` off, files that vanished are left out, with a warning.
 */
export async function* uploadEntries(
  selected: AsyncIterable<SelectedEntry>,
  upload: EntryUpload,
): AsyncGenerator<Entry> {
  const failure = new AbortController();
  const signal = AbortSignal.any([upload.context.signal, failure.signal]);
  const stoppable = { ...upload, context: { ...upload.context, signal } };
  const entries = mapOrdered(selected, WINDOW_ENTRIES, async (entry) => {
    try {
      return await storeEntry(entry, stoppable);
    } catch (error) {
      // What waits for its turn would otherwise still be uploaded, for nothing.
      failure.abort(error);
      throw error;
    }
  });
  for await (const entry of entries) {
    if (entry !== undefined) yield entry;
  }
}

async function storeEntry(entry: SelectedEntry, upload: EntryUpload): Promise<Entry | undefined> {
  const { path, type } = entry;
  const mtime = formatMtime(entry.mtimeNs);
  switch (type) {
    case 'symlink':
      return { path, type, mtime, target: entry.target };
    case 'directory':
      return { path, type, mtime, mode: octal(entry.mode) };
    case 'file':
      return upload.context.failOnChange ? storeFile(entry, upload) : storeIfPresent(entry, upload);
  }
}

async function storeFile(file: SelectedFile, { keys, id, attributes, context }: EntryUpload): Promise<FileEntry> {
  const key = keys.file(id, file.path);
  const uploaded = await uploadFile(
    file.absolutePath,
    file.size,
    key,
    { ...attributes, contentType: contentTypeOf(file.path) },
    context,
  );
  if (uploaded.changed) {
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
    mode: octal(uploaded.mode),
    mtime: formatMtime(uploaded.mtimeNs),
    size: uploaded.size,
    sha256: uploaded.sha256,
    key: keys.relative(key),
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
