import { z } from 'zod';
import { BackupError, DAMAGED } from '../errors.ts';
import type { Entry, FileEntry, Slice } from './model.ts';
import { isPlainFile } from './plain-file.ts';
import { orderedReceipt, receiptSchema } from './receipt.ts';

/** A path of 1,024 bytes needs at most six characters a byte in JSON; a longer line is not ours. */
export const MAX_LINE_BYTES = 64 * 1024;

const mode = z.string().regex(/^[0-7]{4}$/);
const base = { path: z.string().min(1), mtime: z.string() };

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const count = z.int().nonnegative();

const fileSchema = z
  .object({
    type: z.literal('file'),
    ...base,
    mode,
    size: count,
    sha256,
    key: z.string().min(1),
    stored: z.object({ encoding: z.literal('zstd'), bytes: count, sha256 }).exactOptional(),
    slice: z
      .object({ offset: count, bytes: z.int().positive(), skip: count, member: z.string().min(1).exactOptional() })
      .exactOptional(),
    receipt: receiptSchema.exactOptional(),
    stat: z.object({ ctime: z.string(), inode: z.string() }).exactOptional(),
  })
  .refine(({ stored, slice }) => stored === undefined || slice === undefined, 'it has both a stored form and a slice');

const entrySchema = z.discriminatedUnion('type', [
  fileSchema,
  z.object({ type: z.literal('symlink'), ...base, target: z.string() }),
  z.object({ type: z.literal('directory'), ...base, mode }),
]);

/** One line of `index.ndjson.zst`, newline included. The order of the fields is fixed: equal entries, equal bytes. */
export function encodeEntry(entry: Entry): string {
  return `${JSON.stringify(ordered(entry))}\n`;
}

function ordered(entry: Entry): Entry {
  const { path, type, mtime } = entry;
  switch (type) {
    case 'file':
      return orderedFile(entry);
    case 'symlink':
      return { path, type, mtime, target: entry.target };
    case 'directory':
      return { path, type, mode: entry.mode, mtime };
  }
}

function orderedFile(entry: FileEntry): FileEntry {
  const { path, type, mode, mtime, size, sha256, key, stored, slice, receipt, stat } = entry;
  return {
    path,
    type,
    mode,
    mtime,
    size,
    sha256,
    key,
    ...(stored && { stored: { encoding: stored.encoding, bytes: stored.bytes, sha256: stored.sha256 } }),
    ...(slice && { slice: orderedSlice(slice) }),
    ...(receipt && { receipt: orderedReceipt(receipt) }),
    ...(stat && { stat: { ctime: stat.ctime, inode: stat.inode } }),
  };
}

function orderedSlice({ offset, bytes, skip, member }: Slice): Slice {
  return { offset, bytes, skip, ...(member !== undefined && { member }) };
}

/** In JSON no quote stands inside a text without a backslash before it, so this is the field and nothing else. */
const KEY_FIELD = /"key":("(?:[^"\\]|\\.)*")/;

/** The line of the same entry, whose object has turned out to be elsewhere. @param moved new keys by old ones */
export function movedLine(line: string, moved: ReadonlyMap<string, string>): string {
  return line.replace(KEY_FIELD, (field, text: string) => {
    const key = moved.get(JSON.parse(text));
    return key === undefined ? field : `"key":${JSON.stringify(key)}`;
  });
}

/** @throws BackupError with code {@link DAMAGED} for a line that is no entry */
export function parseEntry(line: string, key: string): Entry {
  const value = jsonOf(line);
  if (isPlainFile(value)) return value;
  const result = entrySchema.safeParse(value);
  if (!result.success) {
    throw new BackupError(`The index ${JSON.stringify(key)} cannot be used: it has a line that is no entry.`, {
      class: 'permanent',
      operation: 'read index',
      key,
      code: DAMAGED,
      found: line.slice(0, 200),
      cause: result.error,
    });
  }
  return result.data;
}

function jsonOf(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

/**
 * The order of entries: by the bytes of the UTF-8 path, as S3 lists keys. (JavaScript compares UTF-16 units, which puts
 * an emoji before U+FFFD.)
 */
export function comparePaths(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(i);
    if (x !== y) return isSurrogate(x) === isSurrogate(y) ? x - y : isSurrogate(x) ? 1 : -1;
  }
  return a.length - b.length;
}

function isSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdfff;
}
