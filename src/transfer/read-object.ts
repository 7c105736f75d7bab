import { createHash } from 'node:crypto';
import type { BackupError } from '../errors.ts';
import { freeMemory } from '../free-memory.ts';
import { withSecondLook } from '../second-look.ts';
import type { ObjectKey } from '../store/object-key.ts';
import type { GetOptions, ObjectBody } from '../store/object-store.ts';
import type { Pace } from '../store/pace.ts';
import { isBeyondEnd, type ObjectReader } from '../store/resume.ts';
import { damaged } from './damage.ts';
import { Lanes } from './lanes.ts';
import { mapOrdered } from './map-ordered.ts';

/** Larger objects are read in parallel ranges of this size. */
export const RANGE_BYTES = 8 * 1024 * 1024;

/**
 * Ranges of one object begun and not yet hashed. So many connections bring more than one thread hashes (of S3 about 90 MB/s
 * each); with more of them whole ranges would pile up in memory, up to all that the lanes allow.
 */
const RANGES_AHEAD = 12;

/** What a reader has use for, whatever it may take: more would be ranges that wait for a thread to hash or decode them. */
const MAX_READ_MEMORY_BYTES = RANGES_AHEAD * RANGE_BYTES;

/** An object as the entry describes it. */
export interface ObjectContent {
  readonly key: ObjectKey;
  readonly size: number;
  /** 64 hex digits. */
  readonly sha256: string;
}

/** Takes bytes at their place in the object: in any order, and all of them again if the object is fetched once more. */
export type Sink = (bytes: Uint8Array, position: number) => Promise<void>;

export interface ReadContext {
  /** One whose bodies outlive their connections (`resume.ts`). */
  readonly store: ObjectReader;
  readonly signal: AbortSignal;
  /** See {@link lanesForReading}. */
  readonly lanes: Lanes;
  /** Called with the number of all bytes that come in. */
  readonly onReceived: (bytes: number) => void;
}

/** @param maxMemory bytes, of the input `max-memory` */
export function lanesForReading(pace: Pace, maxMemory: number): Lanes {
  return new Lanes(pace, RANGE_BYTES, Math.min(maxMemory, MAX_READ_MEMORY_BYTES));
}

/**
 * Reads an object to its last byte and compares size and SHA-256 with what its entry says. Only when this returns are the bytes in the sink known to be good.
 *
 * @throws BackupError with code {@link DAMAGED} for an object with other bytes; of class `not-found`; what the sink throws
 */
export function readObject(content: ObjectContent, sink: Sink, context: ReadContext): Promise<void> {
  return withSecondLook(() => readOnce(content, sink, context));
}

async function readOnce(content: ObjectContent, sink: Sink, context: ReadContext): Promise<void> {
  const { key, size, sha256 } = content;
  const read = size <= RANGE_BYTES ? readWhole : readInRanges;
  const found = await read(content, sink, context);
  if (found !== sha256) throw damaged(key, `SHA-256 ${sha256}`, `SHA-256 ${found}`);
}

function readWhole({ key, size }: ObjectContent, sink: Sink, context: ReadContext): Promise<string> {
  return context.lanes.withBuffer(size, async (buffer) => {
    await fill(buffer, key, {}, context);
    await sink(buffer, 0);
    return createHash('sha256').update(buffer).digest('hex');
  });
}

/** The HEAD tells the size of the whole, which ranges do not, and the ETag that all of them have to have. */
function readInRanges({ key, size }: ObjectContent, sink: Sink, context: ReadContext): Promise<string> {
  return context.lanes.largeFile(async () => {
    const info = await context.store.head(key);
    if (info.size !== size) throw wrongSize(key, size, info.size);
    const hash = createHash('sha256');
    let hashed: Promise<void> = Promise.resolve();
    const ranges = mapOrdered(rangesOf(size), RANGES_AHEAD, (range) => {
      const before = hashed;
      hashed = context.lanes.withBuffer(range.end - range.start, async (buffer) => {
        await fill(buffer, key, { range, ...(info.etag && { ifMatch: info.etag }) }, context);
        await sink(buffer, range.start);
        await before;
        hash.update(buffer);
      });
      return hashed;
    });
    await Array.fromAsync(ranges, () => undefined);
    return hash.digest('hex');
  });
}

async function* rangesOf(size: number): AsyncGenerator<{ readonly start: number; readonly end: number }> {
  for (let start = 0; start < size; start += RANGE_BYTES) yield { start, end: Math.min(start + RANGE_BYTES, size) };
}

/**
 * Fills the buffer from its first to its last byte.
 * @throws BackupError with code `DAMAGED` where there are more or fewer bytes
 */
export async function fill(buffer: Buffer, key: ObjectKey, options: GetOptions, context: ReadContext): Promise<void> {
  context.signal.throwIfAborted();
  const { size, body } = await begin(key, options, context);
  const checkSize = () => {
    if (size !== buffer.byteLength) throw wrongSize(key, buffer.byteLength, size);
  };
  let position = 0;
  for await (const chunk of body) {
    // Not before the loop: a body that nobody begins to read would hold its connection.
    checkSize();
    buffer.set(chunk, position);
    position += chunk.byteLength;
    context.onReceived(chunk.byteLength);
    freeChunk(chunk);
  }
  checkSize();
}

/** Where nothing else can be in its memory: a piece of what came in at once may have neighbours that are still to come. */
function freeChunk(chunk: Uint8Array): void {
  if (chunk.byteLength === chunk.buffer.byteLength) freeMemory(chunk);
}

async function begin(key: ObjectKey, options: GetOptions, { store }: ReadContext): Promise<ObjectBody> {
  try {
    return await store.get(key, options);
  } catch (error) {
    throw isBeyondEnd(error) ? damaged(key, `more than ${options.range?.start} bytes`, 'fewer') : error;
  }
}

function wrongSize(key: string, expected: number, found: number): BackupError {
  return damaged(key, `${expected} bytes`, `${found} bytes`);
}
