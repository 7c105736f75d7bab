import { isUtf8 } from 'node:buffer';
import type { Dirent } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { isMissing, localError, READ_HINT } from './local-error.ts';
import type { LocationKind } from './pattern.ts';

/** One name in a directory. */
export interface DirectoryItem {
  /** As text; where the bytes are not valid UTF-8 (on Windows: UTF-16), with U+FFFD in it. */
  readonly name: string;
  readonly kind: LocationKind;
  /** Only for a name that is not valid Unicode: its ASCII spelling, other bytes as `\xNN`. */
  readonly escapedName?: string;
}

/**
 * Lists a directory in no particular order; undefined if it is not there.
 * @throws BackupError of class `local` if it cannot be read
 */
export type ReadDirectory = (absolutePath: string) => Promise<DirectoryItem[] | undefined>;

const REPLACEMENT_CHARACTER = '\ufffd';

/** Reads the disk. Names are read as bytes only where a name may have been mangled on its way to a string. */
export const readDirectory: ReadDirectory = async (absolutePath) => {
  try {
    const items = await readdir(absolutePath, { withFileTypes: true });
    if (!items.some(({ name }) => name.includes(REPLACEMENT_CHARACTER))) {
      return items.map((item) => ({ name: item.name, kind: kindOf(item) }));
    }
    return (await readdir(absolutePath, { withFileTypes: true, encoding: 'buffer' })).map(itemOfBytes);
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw localError('read directory', absolutePath, error, READ_HINT);
  }
};

function itemOfBytes(item: Dirent<NonSharedBuffer>): DirectoryItem {
  const name = item.name.toString('utf8');
  const kind = kindOf(item);
  return isUtf8(item.name) ? { name, kind } : { name, kind, escapedName: escapeBytes(item.name) };
}

/** The kind of what a listing or `lstat` tells of. */
export function kindOf(item: Pick<Dirent, 'isFile' | 'isDirectory' | 'isSymbolicLink'>): LocationKind {
  if (item.isFile()) return 'file';
  if (item.isDirectory()) return 'directory';
  return item.isSymbolicLink() ? 'symlink' : 'special';
}

/** `caf\xe9` for the Latin-1 bytes of "café"; printable ASCII stays as it is. */
export function escapeBytes(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) =>
    byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : `\\x${byte.toString(16).padStart(2, '0')}`,
  ).join('');
}
