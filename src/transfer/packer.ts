import pLimit, { type LimitFunction } from 'p-limit';
import { isClass } from '../errors.ts';
import { freeMemory } from '../free-memory.ts';
import type { BatchItem, BuiltFrame, ReadOutcome } from '../pack/batch.ts';
import type { PackEngine } from '../pack/engine.ts';
import { BLOCK_BYTES } from '../pack/tar-format.ts';
import type { SelectedEntry, SelectedFile } from '../selection/types.ts';
import type { ContentLocation, FileEntry } from '../series/model.ts';
import type { PackReference } from '../series/record.ts';
import { ContentTable, locationFor, type RememberedContent } from './content-table.ts';
import {
  type Answer,
  type Batch,
  type BatchDecision,
  decideBatch,
  isOtherName,
  type OUTGROWN,
} from './decide-batch.ts';
import { FRAME_BYTES } from './file-frames.ts';
import type { KnownContent } from './known-content.ts';
import type { StoredFile } from './large-contents.ts';
import type { LongFiles } from './long-files.ts';
import type { PackSeries } from './pack-series.ts';

/** Items of a frame: so many take long enough to read. */
const MAX_BATCH_ITEMS = 1024;

/** Entries from the first of a batch to the last: what comes later must not keep the first from being delivered. */
const MAX_BATCH_SPAN = 2048;

/** A PAX header, its records and the header itself: what nearly every member has. */
const HEADER_BYTES = 3 * BLOCK_BYTES;

/** Of a PAX header's records and of the content. */
const MAX_PADDING_BYTES = 2 * BLOCK_BYTES;

const NONE: ReadonlySet<string> = new Set();

interface FillingBatch extends Batch {
  readonly items: BatchItem[];
  readonly answers: (Answer | undefined)[];
  readonly befores: (FileEntry | undefined)[];
  bytes: number;
  /** Entries since its first, itself included. */
  span: number;
}

/**
 * Puts entries into packs in the order in which they are added, a frame at a time: frames are read and compressed in
 * parallel, as many as the engine takes, and appended in order.
 */
export class Packer {
  readonly #engine: PackEngine;
  readonly #packs: PackSeries;
  readonly #known: KnownContent;
  readonly #contents: ContentTable;
  readonly #long: LongFiles;
  readonly #failure = new AbortController();
  readonly #signal: AbortSignal;
  readonly #turns: LimitFunction;
  #batch = emptyBatch();
  /** Resolved whenever a batch gets its turn. */
  #begun = Promise.withResolvers<void>();
  /** Ends with the latest batch dispatched. */
  #decided: Promise<unknown> = Promise.resolve();
  #stored: Promise<unknown> = Promise.resolve();
  #handedOver: Promise<unknown> = Promise.resolve();
  #abandoned: Promise<void> | undefined;

  /** @param known of the base, and what of this version is too long ago to be remembered here */
  constructor(engine: PackEngine, packs: PackSeries, known: KnownContent, long: LongFiles, signal: AbortSignal) {
    this.#signal = AbortSignal.any([signal, this.#failure.signal]);
    this.#engine = engine;
    this.#packs = packs;
    this.#known = known;
    this.#contents = new ContentTable((sha256, content) => this.#handOver(sha256, content));
    this.#long = long;
    this.#turns = pLimit(engine.batchesAtOnce);
  }

  /**
   * Adds a file.
   * @param before what the base has at its path
   * @throws BackupError of class `local` (vanished, changed, unreadable) or what the store throws
   */
  addFile(file: SelectedFile, before?: FileEntry): Promise<StoredFile | typeof OUTGROWN> {
    const answer: Answer = Promise.withResolvers();
    if (file.size > FRAME_BYTES) {
      this.flush();
      this.#dispatchLong(file, answer, before);
      return answer.promise;
    }
    const { path, absolutePath, size } = file;
    this.#add({ type: 'file', path, absolutePath, size }, HEADER_BYTES + size, answer, before);
    return answer.promise;
  }

  /** Adds a link or a directory, for those who restore with tar: the index has all of it. */
  addOther(entry: Exclude<SelectedEntry, SelectedFile>): void {
    const { path, mtimeNs } = entry;
    const item: BatchItem =
      entry.type === 'symlink'
        ? { type: 'symlink', path, mtimeNs, target: entry.target }
        : { type: 'directory', path, mtimeNs, mode: entry.mode };
    this.#add(item, HEADER_BYTES);
  }

  /** To be called for every entry that goes elsewhere. */
  pass(): void {
    if (this.#batch.items.length === 0) return;
    this.#batch.span += 1;
    if (this.#batch.span >= MAX_BATCH_SPAN) this.flush();
  }

  /**
   * Resolves once so few batches wait for their turn that more are worth adding. It never waits for what is still to be
   * added; after a failure it does not wait at all.
   */
  async room(): Promise<void> {
    while (this.#turns.pendingCount > 1 && !this.#signal.aborted) await this.#begun.promise;
  }

  /** Dispatches what has been added, full or not. */
  flush(): void {
    const batch = this.#batch;
    if (batch.items.length === 0) return;
    this.#batch = emptyBatch();
    this.#dispatch(batch);
  }

  /** Begins nothing any more: what has been added and not begun fails for this reason. Then `abandon` is to follow. */
  stop(reason: unknown): void {
    this.#failure.abort(reason);
    this.flush();
    // Now, beside whatever else is cleaned up: a cancelled step has no time to do it one after the other.
    void this.abandon();
  }

  /** Waits for all that was added. @returns the packs, stored */
  async finish(): Promise<readonly PackReference[]> {
    this.flush();
    await this.#stored;
    await this.#handedOver;
    await this.#engine.close();
    return this.#packs.finish();
  }

  /** See {@link PackSeries}; known once it is finished. */
  get moved(): ReadonlyMap<string, string> {
    return this.#packs.moved;
  }

  /** After a failure: leaves no thread and no upload. Never throws. */
  abandon(): Promise<void> {
    this.#abandoned ??= this.#cleanUp();
    return this.#abandoned;
  }

  async #cleanUp(): Promise<void> {
    await Promise.allSettled([this.#stored]);
    await Promise.all([this.#engine.close(), this.#packs.abandon()]);
  }

  #add(item: BatchItem, bytes: number, answer?: Answer, before?: FileEntry): void {
    const isFull = this.#batch.items.length >= MAX_BATCH_ITEMS || this.#batch.bytes + bytes > FRAME_BYTES;
    if (isFull) this.flush();
    this.#batch.items.push(item);
    this.#batch.answers.push(answer);
    this.#batch.befores.push(before);
    this.#batch.bytes += bytes;
    this.#batch.span += 1;
    // Nobody would flush what comes after a failure, and whoever added it would wait for ever.
    if (this.#batch.span >= MAX_BATCH_SPAN || this.#signal.aborted) this.flush();
  }

  #dispatch(batch: Batch): void {
    const [decidedBefore, storedBefore] = [this.#decided, this.#stored];
    const decided = Promise.withResolvers<void>();
    const stored = this.#inTurn(storedBefore, async () => {
      const open = await this.#engine.read(batch.items);
      await decidedBefore;
      const held = await this.#held(batch, open.outcomes);
      const linkable = await this.#linkable(batch, open.outcomes, storedBefore);
      const decision = decideBatch(batch, open.outcomes, this.#contents, { held, linkable });
      decided.resolve();
      const frame = await open.build(decision.decisions);
      await storedBefore;
      await this.#store(frame, decision);
    });
    stored.catch((error: unknown) => {
      decided.resolve();
      for (const answer of batch.answers) answer?.reject(error);
    });
    this.#decided = decided.promise;
    this.#stored = stored;
  }

  /** What fails ends no sooner than what came before it, so that whoever waits for the latest has waited for all. */
  async #inTurn(storedBefore: Promise<unknown>, work: () => Promise<void>): Promise<void> {
    try {
      await this.#turns(async () => {
        this.#begun.resolve();
        this.#begun = Promise.withResolvers();
        this.#signal.throwIfAborted();
        await work();
      });
    } catch (error) {
      await Promise.allSettled([storedBefore]);
      throw error;
    }
  }

  /** A file that fails before anything of it is in a pack concerns only who added it. */
  #dispatchLong(file: SelectedFile, answer: Answer, before?: FileEntry): void {
    const storedBefore = this.#stored;
    const stored = this.#inTurn(storedBefore, async () => {
      await storedBefore;
      await this.#long.pack(file, before).then(answer.resolve, (error: unknown) => {
        answer.reject(error);
        if (!isClass(error, 'local')) throw error;
      });
    });
    stored.catch(answer.reject);
    this.#stored = stored;
  }

  /** An empty file needs no sharing: with a member of its own `tar` brings it back. */
  #held({ befores }: Batch, outcomes: readonly ReadOutcome[]): Promise<(ContentLocation | undefined)[]> {
    return Promise.all(
      outcomes.map(async (read, index) => {
        if (read.outcome !== 'read') return undefined;
        const before = befores[index];
        return read.size > 0 || before !== undefined ? this.#known.find(read, before) : undefined;
      }),
    );
  }

  /**
   * What was stored before and a hard link of this batch may name: only what is in the pack that its frame goes into, as
   * `tar` finds a link's target nowhere else.
   * @returns SHA-256 of each
   */
  async #linkable(
    batch: Batch,
    outcomes: readonly ReadOutcome[],
    storedBefore: Promise<unknown>,
  ): Promise<ReadonlySet<string>> {
    const earlier = outcomes.flatMap((read) => {
      const known = read.outcome === 'read' ? this.#contents.find(read.sha256) : undefined;
      return read.outcome === 'read' && isOtherName(read, known) ? [{ ...known, sha256: read.sha256 }] : [];
    });
    if (earlier.length === 0) return NONE;
    // Where the frame will go is known once all before it is stored; too late to wait for in the usual case.
    await storedBefore;
    const names = [...batch.items, ...earlier].map(({ path }) => MAX_PADDING_BYTES + Buffer.byteLength(path));
    const pack = this.#packs.keyFor(names.reduce((sum, bytes) => sum + bytes, batch.bytes));
    const places = await Promise.all(earlier.map(async ({ sha256, location }) => ({ sha256, ...(await location) })));
    return new Set(places.filter(({ key }) => key === pack).map(({ sha256 }) => sha256));
  }

  /** What is remembered no longer goes to where more is kept. */
  #handOver(sha256: string, content: RememberedContent): void {
    const before = this.#handedOver;
    const added = content.location.then(async (location) => {
      await before;
      await this.#known.add({ sha256, size: content.size }, locationFor(content, location));
    });
    added.catch(() => {});
    this.#handedOver = added;
  }

  async #store(frame: BuiltFrame, { content, placed }: BatchDecision): Promise<void> {
    if (frame.bytes.byteLength === 0) return this.#packs.credit(content);
    const place = await this.#packs.place(frame.bytes.byteLength);
    await this.#packs.append(frame.bytes, content);
    placed(place, frame);
    freeMemory(frame.bytes);
  }
}

function emptyBatch(): FillingBatch {
  return { items: [], answers: [], befores: [], bytes: 0, span: 0 };
}
