import { freeMemory } from '../free-memory.ts';
import { paddingOf, type TarMember } from '../pack/tar-format.ts';
import { encodeHeader } from '../pack/tar-writer.ts';
import type { SelectedFile } from '../selection/types.ts';
import type { FileEntry } from '../series/model.ts';
import type { SourceFile } from '../source-file.ts';
import { digestFile } from './digest-file.ts';
import { type FileDigest, fileFrames } from './file-frames.ts';
import { findHeld } from './find-held.ts';
import type { LargeContents, StoredFile } from './large-contents.ts';
import type { PackSeries } from './pack-series.ts';
import { sampleFile } from './sample-file.ts';
import { checkUnchanged, type UploadContext, withFile } from './upload-file.ts';

/** Files of packs that take more than one frame. */
export class LongFiles {
  readonly #packs: PackSeries;
  readonly #contents: LargeContents;
  readonly #level: number;
  readonly #context: UploadContext;

  /** @param level of zstd */
  constructor(packs: PackSeries, contents: LargeContents, level: number, context: UploadContext) {
    this.#packs = packs;
    this.#contents = contents;
    this.#level = level;
    this.#context = context;
  }

  /**
   * Puts a file into a pack, unless an equal one is stored. Its member begins with a frame and ends with one, so that
   * whoever wants it fetches nothing else. Where a changed file is no error and it ends early, zeros take the place of
   * what is missing, as with every tar: its size is in the header, which is on its way already.
   *
   * @throws BackupError of class `local` (vanished, changed, unreadable) or what the store throws
   */
  async pack(file: SelectedFile, before?: FileEntry): Promise<StoredFile> {
    const { path, absolutePath } = file;
    const held = await findHeld(file, before, this.#context);
    if (held !== undefined) {
      this.#packs.credit(held.read.size);
      return held;
    }
    const { fingerprint } = await sampleFile(absolutePath);
    return this.#contents.storeOnce({
      path,
      fingerprint,
      digest: () => digestFile(absolutePath, this.#context),
      store: () => this.#append(file),
      onShared: (bytes) => this.#packs.credit(bytes),
    });
  }

  #append({ path, absolutePath }: SelectedFile): Promise<StoredFile> {
    const { signal, failOnChange } = this.#context;
    return withFile(absolutePath, this.#context, async (file) => {
      const head = encodeHeader(memberOf(path, file));
      const tail = Buffer.alloc(paddingOf(file.state.size));
      const { key, offset } = await this.#packs.place(
        head.byteLength + file.state.size + tail.byteLength,
        absolutePath,
      );
      const digest: FileDigest = { size: 0, sha256: '', read: 0 };
      const options = { level: this.#level, signal, head, tail, fillUp: true };
      let bytes = 0;
      for await (const frame of fileFrames(file, digest, options)) {
        await this.#packs.append(frame.bytes, frame.content);
        bytes += frame.bytes.byteLength;
        freeMemory(frame.bytes);
      }
      const changed = await checkUnchanged(file, digest.read, failOnChange);
      const { mode, mtimeNs } = file.state;
      const read = { size: digest.size, sha256: digest.sha256, mode, mtimeNs, changed };
      return { read, location: { key, slice: { offset, bytes, skip: 0 } } };
    });
  }
}

function memberOf(path: string, { state: { mode, mtimeNs, size } }: SourceFile): TarMember {
  return { type: 'file', path, mode, mtimeNs, size, target: '' };
}
