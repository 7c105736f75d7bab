import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { BackupError, codeOf, DAMAGED, messageOf } from '../errors.ts';
import { withSecondLook } from '../second-look.ts';
import type { ObjectAttributes, ObjectStore } from '../store/object-store.ts';
import { temporaryFileError } from '../temporary-file-error.ts';
import { comparePaths, MAX_LINE_BYTES, parseEntry } from './entry-line.ts';
import type { SeriesKeys } from './keys.ts';
import { splitLines } from './lines.ts';
import type { Entry } from './model.ts';
import type { IndexReference } from './record.ts';
import { compress, decompress, isDecodingError } from './zstd.ts';

/** What the index is stored as; `zstd -d` makes it newline-delimited JSON. */
const INDEX_ATTRIBUTES = { contentType: 'application/zstd' } as const;

/** Of lines that are compressed together. */
const BLOCK_CHARACTERS = 256 * 1024;

/**
 * Compresses the lines of a version's index on their way into the store; nothing is held but a few parts.
 *
 * @param lines from `encodeEntry`, ascending by path
 * @param turn of the attempt that writes it
 */
export async function writeIndex(
  store: ObjectStore,
  keys: SeriesKeys,
  id: string,
  lines: AsyncIterable<string>,
  attributes: ObjectAttributes,
  turn = 1,
): Promise<IndexReference> {
  const key = keys.index(id, turn);
  const hash = createHash('sha256');
  let entries = 0;
  let bytes = 0;
  const counted = tap(lines, () => {
    entries++;
  });
  const hashed = tap(compress(inBlocks(counted)), (chunk: Uint8Array) => {
    hash.update(chunk);
    bytes += chunk.byteLength;
  });
  await store.putStream(key, hashed, { ...attributes, ...INDEX_ATTRIBUTES });
  return { key: keys.relative(key), bytes, sha256: hash.digest('hex'), entries };
}

/** An index on this machine's disk, known to be the one its record speaks of. */
export interface LocalIndex {
  /** @throws BackupError with code {@link DAMAGED} where a line is no entry, out of order, or one too many or too few */
  entries(): AsyncIterable<Entry>;
  close(): Promise<void>;
}

/**
 * Fetches a version's index to a file and compares it with what the record says of it before a byte is decoded. What is
 * wrong may have come about on the way: then it is fetched once more.
 *
 * @param file where to put it; removed by `close`
 * @throws BackupError with code {@link DAMAGED} for an index that is not the record's; of class `not-found`
 */
export function fetchIndex(
  store: Pick<ObjectStore, 'get'>,
  keys: SeriesKeys,
  reference: IndexReference,
  file: string,
): Promise<LocalIndex> {
  return withSecondLook(() => fetchOnce(store, keys, reference, file));
}

async function fetchOnce(
  store: Pick<ObjectStore, 'get'>,
  keys: SeriesKeys,
  reference: IndexReference,
  file: string,
): Promise<LocalIndex> {
  const key = keys.absolute(reference.key);
  const { body } = await store.get(key);
  const hash = createHash('sha256');
  let bytes = 0;
  const bounded = tap(body, (chunk: Uint8Array) => {
    hash.update(chunk);
    bytes += chunk.byteLength;
    if (bytes > reference.bytes) throw damaged(key, `${reference.bytes} bytes`, `${bytes} bytes or more`);
  });
  const close = () => rm(file, { force: true });
  await writeTemporary(file, bounded);
  const found = hash.digest('hex');
  if (found !== reference.sha256) {
    await close();
    throw damaged(key, reference.sha256, found);
  }
  return { entries: () => readEntries(file, key, reference.entries), close };
}

/** Leaves no file behind that is not whole, and touches none that was there before. */
async function writeTemporary(file: string, chunks: AsyncIterable<Uint8Array>): Promise<void> {
  const target = createWriteStream(file, { flags: 'wx', mode: 0o600 });
  try {
    await pipeline(chunks, target);
  } catch (cause) {
    // A stream that is given up while its file is being opened makes that file afterwards.
    if (!target.closed) await new Promise<void>((resolve) => target.once('close', resolve));
    if (codeOf(cause) !== 'EEXIST') await rm(file, { force: true });
    if (cause instanceof BackupError) throw cause;
    throw temporaryFileError(`A temporary file cannot be written to ${JSON.stringify(file)}`, file, cause);
  }
}

async function* readEntries(file: string, key: string, expected: number): AsyncGenerator<Entry> {
  let previous: string | undefined;
  let count = 0;
  for await (const line of splitLines(decoded(file, key), MAX_LINE_BYTES, `The index ${JSON.stringify(key)}`)) {
    const entry = parseEntry(line, key);
    if (previous !== undefined && comparePaths(previous, entry.path) >= 0) {
      throw damaged(key, `a path after ${JSON.stringify(previous)}`, JSON.stringify(entry.path));
    }
    if (++count > expected) break;
    previous = entry.path;
    yield entry;
  }
  if (count !== expected) throw damaged(key, `${expected} entries`, `${count > expected ? 'more than that' : count}`);
}

/** What the digest has shown to be the record's bytes may still be no zstd: then whoever wrote the record made it up. */
async function* decoded(file: string, key: string): AsyncGenerator<Uint8Array> {
  try {
    yield* decompress(createReadStream(file));
  } catch (cause) {
    if (!isDecodingError(cause)) throw cause;
    throw new BackupError(`The index ${JSON.stringify(key)} cannot be decoded: ${messageOf(cause)}.`, {
      class: 'permanent',
      operation: 'read index',
      key,
      code: DAMAGED,
      cause,
    });
  }
}

function damaged(key: string, expected: string, found: string): BackupError {
  return new BackupError(`The index ${JSON.stringify(key)} is not the one its record speaks of.`, {
    class: 'permanent',
    operation: 'read index',
    key,
    code: DAMAGED,
    expected,
    found,
  });
}

/** Every piece that is given to zlib is work for another thread, which takes longer than compressing a line. */
async function* inBlocks(lines: AsyncIterable<string>): AsyncGenerator<string> {
  let block = '';
  for await (const line of lines) {
    block += line;
    if (block.length < BLOCK_CHARACTERS) continue;
    yield block;
    block = '';
  }
  if (block !== '') yield block;
}

async function* tap<T>(items: AsyncIterable<T>, look: (item: T) => void): AsyncGenerator<T> {
  for await (const item of items) {
    look(item);
    yield item;
  }
}
