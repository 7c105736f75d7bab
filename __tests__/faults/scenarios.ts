import { randomBytes } from 'node:crypto';
import { expect } from '@jest/globals';
import { snapshot } from '../e2e/compare-trees.ts';
import { type Asked, type FaultWorld, type Files, PART_BYTES, type RunOptions, type Snapshot } from './fault-world.ts';

/** Where a scenario starts: a bucket to copy, and what lies on the machine. */
export interface Start {
  readonly bucket: string;
  readonly root: string;
  /** What lies at `root`, and so what every new version restores to. */
  readonly tree: Snapshot;
  /** What the versions in the bucket restore to, from version 1 on. */
  readonly before: readonly Snapshot[];
}

export interface Scenario {
  readonly name: string;
  /** Whether it changes the bucket; otherwise what comes back is its result. */
  readonly writes: boolean;
  /** Whether it may take away what was there before. */
  readonly deletes?: boolean;
  /** Whether it takes away what a run that died has left, once that may be taken for abandoned. */
  readonly cleansUp?: boolean;
  prepare(world: FaultWorld): Promise<Start>;
  /** @returns what is to be the same with a transient fault and without; that of one that writes is in the bucket */
  run(world: FaultWorld, bucket: string, start: Start, options: RunOptions): Promise<unknown>;
}

const SMALL = { 'a.txt': 'one', 'lib/b.txt': 'two', 'lib/c.bin': randomBytes(500) };
const LARGE = { 'large.bin': randomBytes(2 * PART_BYTES + 1), 'small.txt': 'small' };
/** What comes first is stored whole, before the parts. */
const INTERRUPTED = { 'a.txt': 'one', 'large.bin': randomBytes(PART_BYTES + 1) };
/** Little enough for one request each. */
const MEDIUM = { 'medium.bin': randomBytes(300_000), 'lib/small.txt': 'small' };
const MANY: Files = Object.fromEntries(
  Array.from({ length: 40 }, (_, n) => [`dir-${n % 4}/file-${n}.txt`, `content ${n}`]),
);
/** Versions a prune of five has to choose from: one stays. */
const SIX = Array.from({ length: 6 }, (_, n): Files => ({ 'a.txt': `edition ${n}` }));

/** A bucket with a version of each of the trees, and the last of them on the machine: to be backed up, or backed up already. */
async function startWith(world: FaultWorld, before: readonly Files[], now: Files, asked: Asked): Promise<Start> {
  const bucket = world.bucket();
  const snapshots: Snapshot[] = [];
  for (const files of before) {
    const root = await world.tree(files);
    await world.backup(bucket, root, { ...asked, runAfter: snapshots.length });
    snapshots.push(await snapshot(root));
  }
  const root = await world.tree(now);
  return { bucket, root, tree: await snapshot(root), before: snapshots };
}

function backupOf(name: string, before: readonly Files[], now: Files, asked: Asked = {}): Scenario {
  return {
    name,
    writes: true,
    ...(asked.keepLast !== undefined && { deletes: true }),
    prepare: (world) => startWith(world, before, now, { ...asked, keepLast: undefined }),
    run: (world, bucket, { root, before: { length } }, options) =>
      world.backup(bucket, root, { runAfter: length, ...options, ...asked }),
  };
}

/** The second attempt of a run whose first was killed: an object is there, and one part of two. */
function resumed(now: Files): Scenario {
  const attempt = (world: FaultWorld, bucket: string, root: string, options: RunOptions) =>
    world.backup(bucket, root, { ...options, resume: true });
  return {
    name: 'resume',
    writes: true,
    prepare: async (world) => {
      const start = await startWith(world, [], now, {});
      const { faults } = world.server;
      const times = Number.POSITIVE_INFINITY;
      faults.add({ match: { operation: 'UploadPart', request: 2 }, times, action: { type: 'reset' } });
      faults.add({ match: { operation: 'AbortMultipartUpload' }, times, action: { type: 'reset' } });
      await expect(attempt(world, start.bucket, start.root, { retryForMs: 0 })).rejects.toThrow('UploadPart');
      expect(faults.unfired()).toEqual([]);
      faults.clear();
      expect(world.server.admin.listUploads(start.bucket)).toMatchObject([{ parts: { length: 1 } }]);
      return start;
    },
    // The first attempt was one before all that a test counts.
    run: async (world, bucket, { root }, { runAfter = 0, ...options }) => {
      const report = await attempt(world, bucket, root, { ...options, runAfter: runAfter + 1 });
      return report?.resumed;
    },
  };
}

type Command = Pick<Scenario, 'name' | 'run'> & Partial<Scenario>;

const commandOn = (before: readonly Files[], command: Command): Scenario => ({
  writes: false,
  prepare: (world) => startWith(world, before, {}, {}),
  ...command,
});

export const SCENARIOS: readonly Scenario[] = [
  backupOf('first full', [], SMALL),
  backupOf('second version', [{ 'a.txt': 'zero', 'lib/b.txt': 'two' }], SMALL),
  backupOf('multipart of three parts', [], LARGE),
  backupOf('many files in a pack', [], MANY, { layout: 'archive' }),
  backupOf(
    'incremental on packs',
    [MANY],
    { ...MANY, 'dir-1/file-1.txt': 'changed', 'new.txt': 'new' },
    {
      layout: 'archive',
      incremental: 'auto',
    },
  ),
  backupOf('backup with prune', [{ 'a.txt': 'zero' }, { 'a.txt': 'one' }], SMALL, { keepLast: 1 }),
  resumed(INTERRUPTED),
  commandOn([MEDIUM], {
    name: 'restore',
    run: (world, bucket, _start, options) => world.restore(bucket, 'latest', options),
  }),
  commandOn([{ 'a.txt': 'zero' }, SMALL], {
    name: 'verify',
    run: async (world, bucket, _start, options) => {
      const { durationMs: _, ...report } = await world.verify(bucket, options);
      return report;
    },
  }),
  commandOn(SIX, {
    name: 'prune of five',
    writes: true,
    deletes: true,
    cleansUp: true,
    run: (world, bucket, _start, options) => world.prune(bucket, 1, options),
  }),
];
