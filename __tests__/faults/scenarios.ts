import { createHash, randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { expect } from '@jest/globals';
import type { RequestMatcher } from '../../dev/s3-server/faults/script.ts';
import { snapshot } from '../e2e/compare-trees.ts';
import {
  type Asked,
  type FaultWorld,
  type Files,
  PART_BYTES,
  type PlannedOutput,
  type RunOptions,
  type Snapshot,
} from './fault-world.ts';

/** Where a scenario starts: a bucket to copy, and what lies on the machine. */
export interface Start {
  readonly bucket: string;
  readonly root: string;
  /** What lies at `root`, and so what every new version restores to. */
  readonly tree: Snapshot;
  /** What the versions in the bucket restore to, from version 1 on. */
  readonly before: readonly Snapshot[];
  /** What a command is to write into every new version. */
  readonly output?: PlannedOutput;
}

export interface Scenario {
  readonly name: string;
  /** Whether it changes the bucket; otherwise what comes back is its result. */
  readonly writes: boolean;
  /** Whether it may take away what was there before. */
  readonly deletes?: boolean;
  /** Whether it takes away what a run that died has left, once that may be taken for abandoned; it makes no version. */
  readonly cleansUp?: boolean;
  /** Whether a result of it says what went wrong: that what was read is damaged, or that a prune failed. */
  readonly saysWhatFailed?: (result: unknown) => boolean;
  /**
   * Whether silence takes real time: a body that does not fit into the buffers of a connection is given up by a timer of
   * Node's own, which no test can move on.
   */
  readonly needsRealTime?: boolean;
  prepare(world: FaultWorld): Promise<Start>;
  /** @returns what is to be the same with a transient fault and without; that of one that writes is in the bucket */
  run(world: FaultWorld, bucket: string, start: Start, options: RunOptions): Promise<unknown>;
}

/** The files of a version, and how they are stored. */
interface Edition {
  readonly files: Files;
  readonly asked: Asked;
}

/** As files of their own, all of them. */
const full = (files: Files): Edition => ({ files, asked: {} });
/** What the version before does not have, in packs. */
const packed = (files: Files): Edition => ({ files, asked: { layout: 'archive', incremental: 'auto' } });

/** A frame of a pack to itself, of next to no bytes as stored. */
const frameOf = (letter: string) => letter.repeat(600_000);

const twoThousandBytesStored = () => Buffer.concat([Buffer.alloc(600_000), randomBytes(2_000)]);

const SMALL = { 'a.txt': 'one', 'lib/b.txt': 'two', 'lib/c.bin': randomBytes(500) };
const LARGE = { 'large.bin': randomBytes(2 * PART_BYTES + 1), 'small.txt': 'small' };
/** What comes first is stored whole, before the parts. */
const INTERRUPTED = { 'a.txt': 'one', 'large.bin': randomBytes(PART_BYTES + 1) };
/** Keeps six tenths of its size. */
const COMPRESSIBLE = Buffer.concat(
  Array.from({ length: 4 * 1024 }, () => Buffer.concat([randomBytes(600), Buffer.alloc(424)])),
);
/** The least of memory makes parts of packs as small as S3 takes them. */
const SMALL_PARTS: Asked = { layout: 'archive', packSize: 8 * PART_BYTES, maxMemory: 17_000_000 };
const SIX_MIB: Files = Object.fromEntries(
  Array.from({ length: 8 }, (_, n) => [`f${n}`, randomBytes(0.75 * PART_BYTES)]),
);
/** Little enough for one request. */
const MEDIUM = { 'medium.bin': randomBytes(300_000) };
const MANY: Files = Object.fromEntries(
  Array.from({ length: 40 }, (_, n) => [`dir-${n % 4}/file-${n}.txt`, `content ${n}`]),
);
const SMALL_PACK_BYTES = 3_000;
/** Too much for one frame, and as stored for one small pack. */
const TWO_PACKS = { f1: twoThousandBytesStored(), f2: twoThousandBytesStored() };
const FRAMES = { ...MEDIUM, f1: frameOf('a'), f2: frameOf('b'), f3: frameOf('c') };
/** The third needs the first's object, a frame out of three of the second's pack, and a pack of its own. */
const LEANING = [full({ ...MEDIUM, 'old.txt': 'old' }), packed(FRAMES), packed({ ...FRAMES, f1: 'new', f3: 'newer' })];
/**
 * Versions a prune of five has to choose from: one stays. Of the first three all goes, of the fourth an object stays, of
 * the fifth its pack.
 */
const SIX = [
  ...Array.from({ length: 3 }, (_, n) => full({ 'a.txt': `edition ${n}` })),
  full({ 'a.txt': 'edition 3', 'kept.txt': 'kept' }),
  ...[4, 5].map((n) => packed({ 'a.txt': `edition ${n}`, 'kept.txt': 'kept', 'lib/d.txt': 'd' })),
];

/** A bucket with these versions, and a tree on the machine: to be backed up, or backed up already. */
async function startWith(world: FaultWorld, before: readonly Edition[], now: Files): Promise<Start> {
  const bucket = world.bucket();
  const snapshots: Snapshot[] = [];
  for (const { files, asked } of before) {
    const root = await world.tree(files);
    await world.backup(bucket, root, { ...asked, runAfter: snapshots.length });
    snapshots.push(await snapshot(root));
  }
  const root = await world.tree(now);
  return { bucket, root, tree: await snapshot(root), before: snapshots };
}

function backupOf(name: string, before: readonly Edition[], { files, asked }: Edition): Scenario {
  return {
    name,
    writes: true,
    ...(asked.keepLast !== undefined && { deletes: true }),
    saysWhatFailed: (result) => (result as Awaited<ReturnType<FaultWorld['backup']>>)?.prune?.failure !== undefined,
    prepare: (world) => startWith(world, before, files),
    run: (world, bucket, { root, before: { length } }, options) =>
      world.backup(bucket, root, { runAfter: length, ...options, ...asked }),
  };
}

/** The output of a command beside a file. */
function outputOf(name: string, bytes: Buffer): Scenario {
  const path = 'dump.bin';
  return {
    name,
    writes: true,
    prepare: async (world) => {
      const start = await startWith(world, [], { 'a.txt': 'one' });
      const file = join(await world.tree({ [path]: bytes }), path);
      const content = createHash('sha256').update(bytes).digest('hex');
      const node = { kind: 'file', content, mode: '644', mtime: world.storeTime } as const;
      return { ...start, tree: { ...start.tree, [path]: node }, output: { path, file } };
    },
    run: (world, bucket, { root, output }, options) => world.backup(bucket, root, { ...options, output }),
  };
}

/** What is there of versions without an index: objects by name, and of open uploads how many parts. */
function leftBehind({ server: { admin } }: FaultWorld, bucket: string): string[] {
  const keys = admin.listObjects(bucket).map(({ key }) => key);
  const names = [
    ...keys.filter((key) => !keys.includes(key.replace(/(\/data\/[^/]+)\/.*$/, '$1/index.ndjson.zst'))),
    ...admin.listUploads(bucket).map(({ key, parts }) => `${key}: ${parts.length}`),
  ];
  return names.flatMap((name) => /\/data\/[^/]+\/(.+)$/.exec(name)?.[1] ?? []);
}

/** The second attempt of a run whose first was killed at a request. @param left of {@link leftBehind} */
function resumed(
  name: string,
  before: readonly Edition[],
  { files, asked }: Edition,
  killedAt: RequestMatcher & { readonly operation: string },
  left: readonly string[],
): Scenario {
  const attempt = (world: FaultWorld, bucket: string, root: string, options: RunOptions) =>
    world.backup(bucket, root, { ...options, ...asked, resume: true });
  return {
    name,
    writes: true,
    prepare: async (world) => {
      const start = await startWith(world, before, files);
      const { faults } = world.server;
      const times = Number.POSITIVE_INFINITY;
      faults.add({ match: killedAt, times, action: { type: 'reset' } });
      faults.add({ match: { operation: 'AbortMultipartUpload' }, times, action: { type: 'reset' } });
      const first = attempt(world, start.bucket, start.root, { retryForMs: 0, runAfter: before.length });
      await expect(first).rejects.toThrow(killedAt.operation);
      faults.clear();
      expect(leftBehind(world, start.bucket)).toEqual(left);
      return start;
    },
    // The first attempt was one before all that a test counts.
    run: async (world, bucket, { root }, { runAfter = before.length, ...options }) => {
      const report = await attempt(world, bucket, root, { ...options, runAfter: runAfter + 1 });
      return report?.resumed;
    },
  };
}

type Command = Pick<Scenario, 'name' | 'run'> & Partial<Scenario>;

const commandOn = (before: readonly Edition[], command: Command): Scenario => ({
  writes: false,
  prepare: (world) => startWith(world, before, {}),
  ...command,
});

/** The first of three versions is removed, but for what the third needs of it. */
const leaning = (command: Command): Scenario =>
  commandOn([], {
    prepare: async (world) => {
      const start = await startWith(world, LEANING, {});
      await world.prune(start.bucket, 2);
      return start;
    },
    ...command,
  });

export const SCENARIOS: readonly Scenario[] = [
  backupOf('first full', [], full(SMALL)),
  backupOf('second version', [full({ 'a.txt': 'zero', 'lib/b.txt': 'two' })], full(SMALL)),
  backupOf('multipart of three parts', [], full(LARGE)),
  backupOf('compressed file in three parts', [], {
    files: { 'large.log': COMPRESSIBLE, 'small.txt': 'small' },
    asked: { compression: 'auto' },
  }),
  { ...backupOf('pack in two parts', [], { files: SIX_MIB, asked: SMALL_PARTS }), needsRealTime: true },
  outputOf('output of a command in three parts', LARGE['large.bin']),
  backupOf('many files in a pack', [], { files: MANY, asked: { layout: 'archive' } }),
  backupOf(
    'incremental on packs',
    [packed(MANY)],
    packed({ ...MANY, 'dir-1/file-1.txt': 'changed', 'new.txt': 'new' }),
  ),
  backupOf('backup with prune', [full({ 'a.txt': 'zero' }), packed({ 'a.txt': 'one more', 'lib/b.txt': 'two' })], {
    files: SMALL,
    asked: { ...packed({}).asked, keepLast: 1 },
  }),
  resumed('resume', [], full(INTERRUPTED), { operation: 'UploadPart', request: 2 }, [
    'files/a.txt',
    'files/large.bin: 1',
  ]),
  resumed(
    'resume on packs',
    [packed({ 'kept.txt': 'kept' })],
    { files: { ...TWO_PACKS, 'kept.txt': 'kept' }, asked: { ...packed({}).asked, packSize: SMALL_PACK_BYTES } },
    { operation: 'PutObject', key: /packs\/0002/ },
    ['packs/0001.tar.zst'],
  ),
  leaning({
    name: 'restore',
    run: (world, bucket, _start, options) => world.restore(bucket, 'latest', options),
  }),
  leaning({
    name: 'verify',
    run: async (world, bucket, _start, options) => {
      const { durationMs: _, ...report } = await world.verify(bucket, options);
      return report;
    },
    saysWhatFailed: (result) => (result as Awaited<ReturnType<FaultWorld['verify']>>).damaged.count > 0,
  }),
  commandOn(SIX, {
    name: 'prune of five',
    writes: true,
    deletes: true,
    cleansUp: true,
    saysWhatFailed: (result) => (result as Awaited<ReturnType<FaultWorld['prune']>>).prune.failure !== undefined,
    run: (world, bucket, _start, options) => world.prune(bucket, 1, options),
  }),
];
