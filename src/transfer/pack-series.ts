import { compressFrame } from '../pack/compression.ts';
import { END_BYTES } from '../pack/tar-format.ts';
import type { SeriesKeys } from '../series/keys.ts';
import type { PackReference } from '../series/record.ts';
import type { ObjectAttributes } from '../store/object-store.ts';
import { checkFits } from './check-fits.ts';
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
  /** There is no memory for its end beside the beginning of the next. */
  readonly endsAlone: boolean;
  readonly object: GrowingObject | HeldObject;
}

/** The packs of a version, made one after another out of frames. Exactly one of `finish` and `abandon` ends them. */
export class PackSeries {
  readonly #target: PackTarget;
  readonly #context: UploadContext;
  readonly #memory: Pick<PackMemory, 'partSize' | 'buffers'>;
  #buffers: PartBuffers;
  readonly #packs: PackReference[] = [];
  readonly #moved = new Map<string, string>();
  #count = 0;
  #open: OpenPack | undefined;
  #closing: { readonly object: OpenPack['object']; readonly done: Promise<void> } | undefined;

  constructor(target: PackTarget, memory: Pick<PackMemory, 'partSize' | 'buffers'>, context: UploadContext) {
    this.#target = target;
    this.#context = context;
    this.#memory = memory;
    this.#buffers = reservedBuffers(context.lanes, memory.partSize, memory.buffers);
  }

  /**
   * Makes room for what has to be in one pack, in a new one if need be.
   * @param bytes of it, at most, before compression
   * @param path of the file it comes from, where it is one; only such a one may be large
   * @returns where its first frame will be
   * @throws BackupError of class `local` where its parts do not fit into the memory
   */
  async place(bytes: number, path = ''): Promise<{ readonly key: string; readonly offset: number }> {
    if (this.#open !== undefined && this.keyFor(bytes) === undefined) await this.#roll();
    this.#open ??= await this.#begin(neededFor(bytes), path);
    return { key: this.#open.key, offset: this.#open.object.bytes };
  }

  /** Key of the pack that is open, relative to the series, if {@link place} would choose it. */
  keyFor(bytes: number): string | undefined {
    const pack = this.#open;
    return pack && pack.object.bytes + neededFor(bytes) <= this.#target.packSize ? pack.key : undefined;
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

  async #begin(bytes: number, path: string): Promise<OpenPack> {
    const { keys, id, turn, attributes } = this.#target;
    this.#count += 1;
    const key = keys.pack(id, this.#count, turn);
    const partSize = partSizeFor(bytes, this.#memory.partSize);
    const isUsual = partSize === this.#memory.partSize;
    const buffers = isUsual ? this.#buffers : await this.#largerBuffers(bytes, partSize, path);
    const target = { key, attributes: { ...attributes, contentType: 'application/zstd' }, buffers };
    const endsAlone = !isUsual || this.#memory.buffers === 1;
    return { key: keys.relative(key), endsAlone, object: await this.#objectFor(target) };
  }

  /** One, out of all the memory that was set aside for parts; nothing else may have some of it meanwhile. */
  async #largerBuffers(bytes: number, partSize: number, path: string): Promise<PartBuffers> {
    const { lanes } = this.#context;
    const setAside = this.#memory.partSize * this.#memory.buffers;
    checkFits(path, bytes, partSize, Math.min(setAside, lanes.memory.capacityBytes));
    await this.#closing?.done;
    this.#buffers = reservedBuffers(lanes, this.#memory.partSize, this.#memory.buffers);
    return reservedBuffers(lanes, partSize, 1);
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
    if (pack.endsAlone) await done;
  }

  async #close({ key, object }: OpenPack): Promise<void> {
    const stored = await object.close();
    const at = this.#target.keys.relative(stored.key);
    if (at !== key) this.#moved.set(key, at);
    this.#packs.push({ ...stored, key: at });
  }
}

/** Of a pack, with its end. */
function neededFor(bytes: number): number {
  return Math.ceil(bytes * FRAME_OVERHEAD) + END_FRAME.byteLength;
}
