import { lstat } from 'node:fs/promises';
import pLimit, { type LimitFunction } from 'p-limit';
import type { SelectedFile } from '../selection/types.ts';
import type { FileEntry } from '../series/model.ts';
import type { ObjectKey } from '../store/object-key.ts';
import { compressFile } from './compress-file.ts';
import { contentTypeOf } from './content-type.ts';
import { digestFile } from './digest-file.ts';
import { findHeld } from './find-held.ts';
import type { LargeContents, StoredFile } from './large-contents.ts';
import { sampleFile } from './sample-file.ts';
import type { EntryUpload } from './upload-entries.ts';
import { uploadFile } from './upload-file.ts';

/** From here on it is worth looking at a file before it is read. */
export const LARGE_FILE_BYTES = 1024 * 1024;

/** A file that its sample says would keep more than this of its size is stored as it is: time would buy little. */
export const PAYS_BELOW_RATIO = 0.7;

/** Files open for a look at them. */
const SAMPLED_AT_ONCE = 8;

export const COMPRESSED_SUFFIX = '.zst';

/** How files become objects of their own. */
export interface LooseForm {
  /** Of zstd. */
  readonly level: number;
  /** Files that are compressed at once; 0: none is. */
  readonly compressedAtOnce: number;
  /** Large files that came by: of equal ones the first is stored. */
  readonly contents: LargeContents;
  /** The path of an entry that is not on disk: no file is compressed whose key would be that one's. */
  readonly takenPath?: string | undefined;
}

/** Stores files as objects of their own: as they are, compressed where that pays, or not at all if an equal one is there. */
export class LooseFiles {
  readonly #form: LooseForm;
  readonly #compressing: LimitFunction;
  readonly #sampling = pLimit(SAMPLED_AT_ONCE);

  constructor(form: LooseForm) {
    this.#form = form;
    this.#compressing = pLimit(Math.max(1, form.compressedAtOnce));
  }

  /** @throws BackupError of class `local` (vanished, changed, unreadable) or what the store throws */
  async store(file: SelectedFile, before: FileEntry | undefined, upload: EntryUpload): Promise<StoredFile> {
    const { size } = file;
    if (size < LARGE_FILE_BYTES) return storeAsIs(file, before, upload);
    const held = await findHeld(file, before, upload.context);
    if (held === undefined) return this.#storeLarge(file, upload);
    upload.context.onSent(0, held.read.size);
    return held;
  }

  async #storeLarge(file: SelectedFile, upload: EntryUpload): Promise<StoredFile> {
    const { contents } = this.#form;
    const { path, absolutePath } = file;
    const { fingerprint, ratio } = await this.#sampling(() => sampleFile(absolutePath));
    const pays = ratio < PAYS_BELOW_RATIO && this.#mayCompress(path) && !(await hasTwin(absolutePath));
    const store = () => (pays ? this.#compress(file, upload) : storeAsIs(file, undefined, upload));
    const { context } = upload;
    const digest = () => digestFile(absolutePath, context);
    return contents.storeOnce({ path, fingerprint, digest, store, onShared: (bytes) => context.onSent(0, bytes) });
  }

  #mayCompress(path: string): boolean {
    const { compressedAtOnce, takenPath } = this.#form;
    return compressedAtOnce > 0 && takenPath !== `${path}${COMPRESSED_SUFFIX}`;
  }

  #compress(file: SelectedFile, { keys, id, turn, attributes, context }: EntryUpload): Promise<StoredFile> {
    return this.#compressing(async () => {
      const key = keys.file(id, `${file.path}${COMPRESSED_SUFFIX}`, turn);
      const target = { key, attributes: { ...attributes, contentType: 'application/zstd' } };
      const compressed = await compressFile(file.absolutePath, target, this.#form.level, context);
      const { read, stored, receipt } = compressed;
      return { read, location: { key: keys.relative(compressed.key), stored, ...(receipt && { receipt }) } };
    });
  }
}

async function storeAsIs(
  { path, absolutePath, size }: SelectedFile,
  before: FileEntry | undefined,
  { keys, id, turn, attributes, context }: EntryUpload,
): Promise<StoredFile> {
  const target = {
    key: keys.file(id, path, turn),
    relative: (key: ObjectKey) => keys.relative(key),
    attributes: { ...attributes, contentType: contentTypeOf(path) },
  };
  const { location, ...read } = await uploadFile({ absolutePath, size, before }, target, context);
  return { read, location };
}

/** A file beside it that would want the same key: `a` compressed is `a.zst`. Better one file larger than two of one key. */
export async function hasTwin(absolutePath: string): Promise<boolean> {
  try {
    await lstat(`${absolutePath}${COMPRESSED_SUFFIX}`);
    return true;
  } catch {
    return false;
  }
}
