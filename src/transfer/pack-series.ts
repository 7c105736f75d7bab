import { compressFrame } from '../pack/compression.ts';
import { END_BYTES } from '../pack/tar-format.ts';
import type { SeriesKeys } from '../series/keys.ts';
import type { PackReference } from '../series/record.ts';
import type { ObjectAttributes } from '../store/object-store.ts';
import { GrowingObject, type GrowingTarget } from './growing-object.ts';
import { HeldObject } from './held-object.ts';
import type { PackMemory } from './memory-plan.ts';
import { type PartBuffers, reservedBuffers } from './part-buffers.ts';
import { partSizeFor } from './part-plan.ts';
import type { UploadContext } from './upload-file.ts';

/** What zstd can at most add to a mebibyte, generously. */
const FRAME_OVERHEAD = 1.01;

/** The end of every pack, as a frame of its own. */
const END_FRAME = compressFrame(Buffer.alloc(END_BYTES), 1);

export interface PackTarget {
  readonly keys: SeriesKeys;
  /** ID of the version. */
  readonly id: string;
  /** Of the attempt at the version, where it is not the first. */
  readonly turn?: number | undefined;
  readonly attributes: ObjectAttributes;
  /** Bytes at which a pack is closed. Only one with a single larger file becomes larger. */
  readonly packSize: number;
}

interface OpenPack {
  /** Relative to the series. */
  readonly key: string;
  readonly object: GrowingObject | HeldObject;
}

/** The packs of a version, made one after another out of frames. Exactly one of `finish` and `abandon` ends them. */
export class PackSeries {
  readonly #target: PackTarget;
  readonly #context: UploadContext;
  readonly #buffers: PartBuffers;
  /** With one there is no memory for the end of a pack beside the beginning of the next. */
  readonly #bufferCount: PackMemory['buffers'];
  readonly #packs: PackReference[] = [];
  readonly #moved = new Map<string, string>();
  #count = 0;
  #open: OpenPack | undefined;
  #closing: { readonly object: OpenPack['object']; readonly done: Promise<void> } | undefined;

  constructor(
    target: PackTarget,
    { partSize, buffers }: Pick<PackMemory, 'partSize' | 'buffers'>,
    context: UploadContext,
  ) {
    this.#target = target;
    this.#context = context;
    this.#buffers = reservedBuffers(context.lanes, partSize, buffers);
    this.#bufferCount = buffers;
  }

  /**
   * Makes room for what has to be in one pack, in a new one if need be.
   * @param bytes of it, at most, before compression
   * @returns where its first frame will be
   */
  async place(bytes: number): Promise<{ readonly key: string; readonly offset: number }> {
    const needed = Math.ceil(bytes * FRAME_OVERHEAD) + END_FRAME.byteLength;
    if (this.#open !== undefined && this.#open.object.bytes + needed > this.#target.packSize) await this.#roll();
    this.#open ??= await this.#begin(needed);
    return { key: this.#open.key, offset: this.#open.object.bytes };
  }

  /**
   * Appends to the pack that `place` chose.
   * @param content bytes of files in the frame
   */
  async append(frame: Uint8Array, content: number): Promise<void> {
    await this.#open?.object.append(frame, content);
  }

  /** Tells of bytes of files that need no sending, because equal ones are stored. */
  credit(content: number): void {
    this.#context.onSent(0, content);
  }

  /** @returns all packs, in the order of their numbers */
  async finish(): Promise<readonly PackReference[]> {
    await this.#roll();
    await this.#closing?.done;
    return this.#packs;
  }

  /** Which packs have turned out to be under other keys than {@link place} said: those of earlier attempts. */
  get moved(): ReadonlyMap<string, string> {
    return this.#moved;
  }

  /** Leaves no upload open. Never throws. */
  async abandon(): Promise<void> {
    await Promise.all([this.#closing?.object.abandon(), this.#open?.object.abandon()]);
  }

  async #begin(bytes: number): Promise<OpenPack> {
    const { keys, id, turn, attributes } = this.#target;
    this.#count += 1;
    const key = keys.pack(id, this.#count, turn);
    const partSize = partSizeFor(bytes, this.#buffers.size);
    const buffers =
      partSize === this.#buffers.size
        ? this.#buffers
        : reservedBuffers(this.#context.lanes, partSize, this.#bufferCount);
    const target = { key, attributes: { ...attributes, contentType: 'application/zstd' }, buffers };
    return { key: keys.relative(key), object: await this.#objectFor(target) };
  }

  /** Only packs of the usual size are held back on disk; one with a single larger file is sent in any case. */
  async #objectFor(target: GrowingTarget): Promise<OpenPack['object']> {
    const { earlier } = this.#context;
    const { packSize } = this.#target;
    const sizes = (await earlier?.sizesOf(target.key))?.filter((size) => size <= packSize) ?? [];
    if (earlier === undefined || sizes.length === 0) return new GrowingObject(target, this.#context);
    return new HeldObject({ ...target, earlier, limit: Math.max(...sizes) }, this.#context);
  }

  /** The end of a pack is sent while the next one is filled; the one before has to be stored by then. */
  async #roll(): Promise<void> {
    const pack = this.#open;
    if (pack === undefined) return;
    await this.#closing?.done;
    await pack.object.append(END_FRAME, 0);
    const done = this.#close(pack);
    done.catch(() => {});
    this.#closing = { object: pack.object, done };
    this.#open = undefined;
    if (this.#bufferCount === 1) await done;
  }

  async #close({ key, object }: OpenPack): Promise<void> {
    const stored = await object.close();
    const at = this.#target.keys.relative(stored.key);
    if (at !== key) this.#moved.set(key, at);
    this.#packs.push({ ...stored, key: at });
  }
}
