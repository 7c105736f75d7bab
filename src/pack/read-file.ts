import { hash } from 'node:crypto';
import { type BigIntStats, closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { BackupError } from '../errors.ts';
import { changedError, differs, fileState, OPEN_FLAGS, readError } from '../source-file.ts';
import type { BatchItem, ReadFile, ReadOptions, ReadOutcome } from './batch.ts';

export interface FileContent {
  readonly outcome: ReadOutcome;
  /** Part of the given buffer; empty for all but `read`. */
  readonly content: Buffer;
}

const NOTHING = Buffer.alloc(0);

/**
 * Reads a small file in one go, by calls that block: on a thread of its own that is several times faster than promises.
 *
 * @param space one byte more than the file was listed with, to see one that grows
 */
export function readSmallFile(
  item: Extract<BatchItem, { type: 'file' }>,
  space: Buffer,
  options: ReadOptions,
): FileContent {
  try {
    const descriptor = openSync(item.absolutePath, OPEN_FLAGS);
    try {
      return readOpened(descriptor, item, space, options);
    } finally {
      closeSync(descriptor);
    }
  } catch (cause) {
    const error = cause instanceof BackupError ? cause : readError(item.absolutePath, cause);
    const { cause: _, ...details } = error.details;
    return { outcome: { outcome: 'failed', error: { message: error.message, details } }, content: NOTHING };
  }
}

function readOpened(
  descriptor: number,
  { absolutePath, size: listed }: Extract<BatchItem, { type: 'file' }>,
  space: Buffer,
  { failOnChange }: ReadOptions,
): FileContent {
  const status = fstatSync(descriptor, { bigint: true });
  const before = fileState(status);
  if (before.size > listed) return { outcome: { outcome: 'outgrown' }, content: NOTHING };
  const read = fill(descriptor, space.subarray(0, before.size + 1));
  const changed = read !== before.size || differs(before, fileState(fstatSync(descriptor, { bigint: true })));
  if (changed && failOnChange) throw changedError(absolutePath, `${before.size} bytes`, `${read} bytes`);
  const content = space.subarray(0, Math.min(read, before.size));
  const { mode, mtimeNs } = before;
  const sha256 = hash('sha256', content, 'hex');
  const file = {
    outcome: 'read',
    size: content.byteLength,
    sha256,
    mode,
    mtimeNs,
    changed,
    ...inodeOf(status),
  } as const;
  return { outcome: file, content };
}

/** A file gives fewer bytes than it is asked for only where it ends (POSIX.1-2017, read). */
function fill(descriptor: number, space: Buffer): number {
  return readSync(descriptor, space, 0, space.byteLength, 0);
}

function inodeOf({ nlink, dev, ino }: BigIntStats): Pick<ReadFile, 'inode'> {
  return nlink > 1n ? { inode: `${dev}:${ino}` } : {};
}
