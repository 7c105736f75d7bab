import { createHash } from 'node:crypto';
import { constants, type Stats } from 'node:fs';
import { open, readlink } from 'node:fs/promises';
import { localError } from '../selection/local-error.ts';
import type { PathStyle } from '../selection/paths.ts';
import type { Entry, FileEntry } from '../series/model.ts';
import { statOf } from './parents.ts';
import { restoredMode } from './permissions.ts';
import { inTheWay } from './refusal.ts';
import type { Action, Overwrite } from './types.ts';

const READ_FLAGS = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0);
const READ_BYTES = 1024 * 1024;

/** How what stands at an entry's place compares with it; of a file `content` is the same where only the mode differs. */
type Comparison = 'absent' | 'same' | 'content' | 'different';

/** What to do about an entry, or `conflict` where the rules leave nothing to do. */
export async function actionFor(
  entry: Entry,
  absolutePath: string,
  { overwrite, style }: { readonly overwrite: Overwrite; readonly style: PathStyle },
): Promise<Action | 'conflict'> {
  const stats = await statOf(absolutePath);
  if (stats === undefined) return 'write';
  checkKind(entry, stats, absolutePath);
  if (overwrite === 'always') return entry.type === 'directory' ? 'touch' : 'replace';
  const comparison = await compare(entry, stats, absolutePath, style);
  return overwrite === 'never' ? actionWithoutOverwriting(comparison) : actionOnChange(comparison);
}

function actionWithoutOverwriting(comparison: Comparison): Action | 'conflict' {
  if (comparison === 'absent') return 'write';
  return comparison === 'same' ? 'leave' : 'conflict';
}

function actionOnChange(comparison: Comparison): Action {
  if (comparison === 'absent') return 'write';
  return comparison === 'different' ? 'replace' : 'touch';
}

/** A directory is never removed for a file, nor a file for a directory: more could be lost than the user has in mind. */
function checkKind(entry: Entry, stats: Stats, absolutePath: string): void {
  if (stats.isDirectory() === (entry.type === 'directory')) return;
  const found = stats.isDirectory() ? 'is a directory' : 'is no directory';
  throw inTheWay(
    absolutePath,
    `${found}, and the version has a ${entry.type} there`,
    'Remove it, or choose another `target`.',
  );
}

async function compare(entry: Entry, stats: Stats, absolutePath: string, style: PathStyle): Promise<Comparison> {
  // A directory that is there is what an entry of an empty one asks for, whatever is in it.
  if (entry.type === 'directory') return 'same';
  if (entry.type === 'symlink') return compareLink(entry.target, stats, absolutePath);
  return stats.isFile() ? compareFile(entry, stats, absolutePath, style) : 'different';
}

async function compareLink(target: string, stats: Stats, absolutePath: string): Promise<Comparison> {
  return stats.isSymbolicLink() && (await readlink(absolutePath)) === target ? 'same' : 'different';
}

async function compareFile(
  { size, sha256, mode }: FileEntry,
  stats: Stats,
  absolutePath: string,
  style: PathStyle,
): Promise<Comparison> {
  if (stats.size !== size || (await sha256Of(absolutePath)) !== sha256) return 'different';
  // Windows knows one of the bits.
  return style.separator === '\\' || (stats.mode & 0o777) === restoredMode(mode) ? 'same' : 'content';
}

async function sha256Of(path: string): Promise<string> {
  try {
    const handle = await open(path, READ_FLAGS);
    const hash = createHash('sha256');
    for await (const chunk of handle.createReadStream({ highWaterMark: READ_BYTES })) hash.update(chunk);
    return hash.digest('hex');
  } catch (error) {
    throw localError('read', path, error, 'give this job the right to read it, or choose another target');
  }
}
