import { join } from 'node:path';
import { BackupError } from '../errors.ts';
import { freeMemory } from '../free-memory.ts';
import type { Producer } from '../producer/types.ts';
import { locationAt } from '../series/content-location.ts';
import type { ContentLocation, FileEntry } from '../series/model.ts';
import { formatMtime } from '../series/mtime.ts';
import { contentTypeOf } from './content-type.ts';
import { compressedFrames, type FileFrame } from './file-frames.ts';
import { GrowingObject } from './growing-object.ts';
import { COMPRESSED_SUFFIX, hasTwin } from './loose-files.ts';
import { type BegunOutput, beginOutput, ContentTap } from './output-frames.ts';
import { growingBuffers } from './part-buffers.ts';
import { growingPartSize } from './part-plan.ts';
import type { EntryUpload } from './upload-entries.ts';

/** Of a new file where nobody has said otherwise (a `umask` of 022). */
const MODE = '0644';

const NANOSECONDS_PER_MS = 1_000_000n;

/** What is to be made of the output of a command. */
export interface OutputPlan {
  /** Of the entry. */
  readonly path: string;
  /** Of the entry: when the command is started. */
  readonly mtime: Date;
  readonly start: (signal: AbortSignal) => Producer;
  /** Whether it is piped in, by a command that nobody here knows. */
  readonly isPiped?: boolean;
  readonly ifEmpty: 'error' | 'warn' | 'ignore';
  /** Of zstd; absent: it is never compressed. */
  readonly level?: number;
  /** Absolute; paths of entries are relative to it. */
  readonly root: string;
}

/** What was written, where it lies now. */
interface StoredOutput {
  readonly content: { readonly size: number; readonly sha256: string };
  readonly location: ContentLocation;
}

/**
 * The output of a command, which becomes a file of the version without being one before: read once, hashed and sent as
 * it comes. It is an object of its own whatever the layout, as a pack has to know the size of a file before its bytes.
 */
export class CommandOutput {
  readonly type = 'output';
  readonly path: string;
  readonly #plan: OutputPlan;

  constructor(plan: OutputPlan) {
    this.path = plan.path;
    this.#plan = plan;
  }

  /**
   * Runs the command and stores what it writes.
   * @param before what the base has at this path
   * @throws BackupError of class `local` where the command fails, or what the store throws; then nothing is left
   */
  async store(before: FileEntry | undefined, upload: EntryUpload): Promise<FileEntry> {
    const { path, mtime, start } = this.#plan;
    const producer = start(upload.context.signal);
    try {
      const begun = await beginOutput(producer.bytes);
      const { content, location } = await this.#storeBegun(begun, producer, before, upload);
      const time = formatMtime(BigInt(mtime.getTime()) * NANOSECONDS_PER_MS);
      return { path, type: 'file', mode: MODE, mtime: time, ...content, ...locationAt(path, location) };
    } catch (error) {
      await producer.stop();
      throw error;
    }
  }

  async #storeBegun(
    begun: BegunOutput,
    producer: Producer,
    before: FileEntry | undefined,
    upload: EntryUpload,
  ): Promise<StoredOutput> {
    const { keys, context } = upload;
    const level = begun.pays && !(await this.#hasTwin()) ? this.#plan.level : undefined;
    const object = this.#begin(level !== undefined, upload);
    try {
      const content = await send(begun, level, object, context.signal);
      // Before anything is completed: the object would be what a command wrote until it failed.
      await producer.finish();
      this.#checkEmpty(content.size, upload);
      const held = object.isUnsent ? await context.known.find(content, before) : undefined;
      if (held !== undefined) {
        await object.abandon();
        context.onSent(0, content.size);
        return { content, location: held };
      }
      const { key, receipt, ...stored } = await object.close();
      const form = level === undefined ? {} : { stored: { encoding: 'zstd' as const, ...stored } };
      return { content, location: { key: keys.relative(key), ...form, ...(receipt && { receipt }) } };
    } catch (error) {
      await object.abandon();
      throw error;
    }
  }

  #begin(isCompressed: boolean, { keys, id, turn, attributes, context }: EntryUpload) {
    const { path } = this;
    const { lanes, partSize } = context;
    const key = keys.file(id, isCompressed ? `${path}${COMPRESSED_SUFFIX}` : path, turn);
    const contentType = isCompressed ? 'application/zstd' : contentTypeOf(path);
    const buffers = growingBuffers(lanes, (number) => growingPartSize(number, partSize, lanes.memory.capacityBytes));
    const target = { key, attributes: { ...attributes, contentType }, buffers };
    return new GrowingObject(target, context);
  }

  #hasTwin(): Promise<boolean> {
    return hasTwin(join(this.#plan.root, this.path));
  }

  #checkEmpty(size: number, { context: { log } }: EntryUpload): void {
    const { ifEmpty, isPiped = false } = this.#plan;
    if (size > 0 || ifEmpty === 'ignore') return;
    const words = EMPTY_WORDS[isPiped ? 'pipe' : 'command'];
    if (ifEmpty === 'error') throw emptyError(this.path, words);
    log.warn({ kind: 'output-empty', message: `${words.sentence}; the file is empty.`, subject: this.path });
  }
}

/** @returns size and SHA-256 of the output */
async function send(
  { blocks }: BegunOutput,
  level: number | undefined,
  object: GrowingObject,
  signal: AbortSignal,
): Promise<StoredOutput['content']> {
  if (level === undefined) {
    for await (const block of blocks) await object.append(block, block.byteLength);
    return { size: object.bytes, sha256: object.sha256 };
  }
  const tap = new ContentTap();
  const frames = compressedFrames(asFrames(tap.through(blocks)), { level, signal });
  for await (const { bytes, content } of frames) {
    await object.append(bytes, content);
    freeMemory(bytes);
  }
  return tap.digest();
}

async function* asFrames(blocks: AsyncIterable<Uint8Array>): AsyncGenerator<FileFrame> {
  for await (const bytes of blocks) yield { bytes, content: bytes.byteLength };
}

/** What is said of an output that is none. */
interface EmptyWords {
  readonly sentence: string;
  readonly operation: string;
  readonly advice: string;
}

const EMPTY_WORDS: Readonly<Record<'command' | 'pipe', EmptyWords>> = {
  command: {
    sentence: 'The command wrote nothing to stdout',
    operation: 'run command',
    advice: 'Look whether it writes elsewhere',
  },
  pipe: {
    sentence: 'Nothing came in on stdin',
    operation: 'read stdin',
    advice: 'Look whether the command before the pipe failed or writes elsewhere',
  },
};

function emptyError(path: string, { sentence, operation, advice }: EmptyWords): BackupError {
  return new BackupError(`${sentence}, so there is nothing to store as ${JSON.stringify(path)}.`, {
    class: 'local',
    operation,
    code: 'EMPTY',
    hint: `${advice}; where nothing is as it should be, set \`if-output-empty: ignore\`.`,
  });
}
