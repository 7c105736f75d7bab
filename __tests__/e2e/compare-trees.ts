import { createHash } from 'node:crypto';
import { lstat, readdir, readFile, readlink } from 'node:fs/promises';
import { join } from 'node:path';

const NS_PER_SECOND = 1_000_000_000n;

interface Node {
  readonly kind: 'file' | 'link' | 'directory';
  /** Digest, link text, or nothing. */
  readonly content: string;
  readonly mode?: string;
  /** Seconds. */
  readonly mtime?: number;
}

/**
 * All that a backup keeps of a tree: contents, modes and times of files, links with their times, empty directories.
 * Of other directories only that they are there.
 */
export async function snapshot(root: string): Promise<Readonly<Record<string, Node>>> {
  const names = (await readdir(root, { recursive: true })).sort();
  const nodes: Record<string, Node> = {};
  for (const name of names) nodes[name] = await nodeAt(join(root, name));
  return nodes;
}

/** What {@link snapshot} says of one path. */
export async function nodeAt(path: string): Promise<Node> {
  const stats = await lstat(path, { bigint: true });
  const mtime = seconds(stats.mtimeNs);
  if (stats.isSymbolicLink()) return { kind: 'link', content: await readlink(path), mtime };
  const mode = (stats.mode & 0o777n).toString(8);
  if (stats.isFile()) {
    return {
      kind: 'file',
      content: createHash('sha256')
        .update(await readFile(path))
        .digest('hex'),
      mode,
      mtime,
    };
  }
  const isEmpty = (await readdir(path)).length === 0;
  return { kind: 'directory', content: '', ...(isEmpty && { mode, mtime }) };
}

/** Node sets times as floating point numbers of seconds, so two that are the same as such a number are the same. */
function seconds(ns: bigint): number {
  return Number(ns / NS_PER_SECOND) + Number(ns % NS_PER_SECOND) / Number(NS_PER_SECOND);
}
