import { randomBytes } from 'node:crypto';
import { snapshot } from '../e2e/compare-trees.ts';
import { type FaultWorld, PART_BYTES, type RunOptions, type Snapshot } from './fault-world.ts';

/** Where a scenario starts: a bucket to copy, and what lies on the machine. */
export interface Start {
  readonly bucket: string;
  readonly root: string;
  readonly tree: Snapshot;
}

export interface Scenario {
  readonly name: string;
  /** Whether it changes the bucket; otherwise what comes back is its result. */
  readonly writes: boolean;
  /** Whether it may take away what was there before. */
  readonly deletes?: boolean;
  prepare(world: FaultWorld): Promise<Start>;
  /** @returns what is to be the same with a transient fault and without; that of one that writes is in the bucket */
  run(world: FaultWorld, bucket: string, start: Start, options: RunOptions): Promise<unknown>;
}

const SMALL = { 'a.txt': 'one', 'lib/b.txt': 'two', 'lib/c.bin': randomBytes(500) };
const LARGE = { 'large.bin': randomBytes(2 * PART_BYTES + 1), 'small.txt': 'small' };
const MANY = Object.fromEntries(Array.from({ length: 40 }, (_, n) => [`dir-${n % 4}/file-${n}.txt`, `content ${n}`]));

async function startWith(world: FaultWorld, files: Record<string, string | Buffer>, versions: number): Promise<Start> {
  const root = await world.tree(files);
  const bucket = world.bucket();
  for (let version = 0; version < versions; version++) await world.backup(bucket, root);
  return { bucket, root, tree: await snapshot(root) };
}

const backupOf = (
  name: string,
  files: Record<string, string | Buffer>,
  versions: number,
  asked: { readonly layout?: 'archive' } = {},
): Scenario => ({
  name,
  writes: true,
  prepare: (world) => startWith(world, files, versions),
  run: (world, bucket, { root }, options) => world.backup(bucket, root, { ...options, ...asked }),
});

export const SCENARIOS: readonly Scenario[] = [
  backupOf('first full', SMALL, 0),
  backupOf('second version', SMALL, 1),
  backupOf('multipart of three parts', LARGE, 0),
  backupOf('many files in a pack', MANY, 0, { layout: 'archive' }),
  {
    name: 'restore',
    writes: false,
    prepare: (world) => startWith(world, LARGE, 1),
    run: (world, bucket, _start, options) => world.restore(bucket, 'latest', options),
  },
];
