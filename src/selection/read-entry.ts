import { isUtf8 } from 'node:buffer';
import { type BigIntStats, lstatSync, readlinkSync } from 'node:fs';
import type { BackupError } from '../errors.ts';
import { codeOf } from '../errors.ts';
import { isMissing, localError, READ_HINT } from './local-error.ts';
import type { LocationKind } from './pattern.ts';
import { escapeBytes, kindOf } from './read-directory.ts';
import type { SelectedEntry } from './types.ts';

/** Permissions, set-user-ID, set-group-ID and sticky bit: what `chmod` takes as four octal digits. */
const PERMISSION_BITS = 0o7777n;

/** What is there, but cannot be written down: a link whose target is not valid Unicode. */
export interface Unstorable {
  readonly path: string;
  readonly problem: string;
}

export interface ListedItem {
  readonly path: string;
  readonly absolutePath: string;
  /** As the directory listing said. */
  readonly kind: Exclude<LocationKind, 'special'>;
}

/**
 * Reads what the entry keeps of a file, a link or a directory; undefined if it vanished since it was listed. By a call
 * that blocks for 7 µs: handing it to libuv's threads costs several times as much of the processor.
 * @throws BackupError of class `local` if it cannot be read, or has become something else meanwhile
 */
export function readEntry(item: ListedItem): SelectedEntry | Unstorable | undefined {
  try {
    const stats = lstatSync(item.absolutePath, { bigint: true });
    if (kindOf(stats) !== item.kind) throw changed(item);
    return item.kind === 'symlink' ? linkOf(item, stats) : entryOf(item, item.kind, stats);
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw codeOf(error) === undefined ? error : localError('read', item.absolutePath, error, READ_HINT);
  }
}

function entryOf({ path, absolutePath }: ListedItem, type: 'file' | 'directory', stats: BigIntStats): SelectedEntry {
  const common = { path, absolutePath, mtimeNs: stats.mtimeNs, mode: Number(stats.mode & PERMISSION_BITS) };
  if (type === 'directory') return { ...common, type };
  return { ...common, type, size: Number(stats.size), ctimeNs: stats.ctimeNs, inode: stats.ino };
}

function linkOf({ path, absolutePath }: ListedItem, stats: BigIntStats): SelectedEntry | Unstorable {
  const target = readlinkSync(absolutePath, 'buffer');
  return isUtf8(target)
    ? { path, absolutePath, mtimeNs: stats.mtimeNs, type: 'symlink', target: target.toString('utf8') }
    : { path, problem: `it is a link to "${escapeBytes(target)}", which is not valid Unicode` };
}

function changed({ absolutePath }: ListedItem): BackupError {
  const hint = 'it became something else while it was listed; make sure that nothing writes to it during the backup';
  return localError('read', absolutePath, undefined, hint);
}
