import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type S3Server, startS3Server } from '../../dev/s3-server/server.ts';
import type { BackupRequest } from '../../src/commands/backup/request.ts';
import { backup } from '../../src/commands/backup.ts';
import type { CommandPorts } from '../../src/commands/ports.ts';
import { prune } from '../../src/commands/prune.ts';
import { restore } from '../../src/commands/restore.ts';
import { verify } from '../../src/commands/verify.ts';
import { silentLog, type Warning } from '../../src/log.ts';
import { openStore } from '../../src/store/open-store.ts';
import { NETWORK } from '../aws/support/clients.ts';
import { FULL_ONLY } from '../commands/ports-fixture.ts';
import { snapshot } from '../e2e/compare-trees.ts';
import { producing } from '../producer/producer-fixture.ts';
import { KEYS, RECORD, RUN } from '../series/series-fixture.ts';
import { type VirtualTime, virtualTime } from '../virtual-time.ts';
import { type BucketState, stateOf } from './bucket-state.ts';

/** The smallest part size there is: `partSizeFor` takes whole MiB. */
export const PART_BYTES = 2 ** 20;
const PACK_BYTES = 2 ** 20;
/** The store's clock stands still, and nonces are counted: the same run leaves the same bytes. */
const STARTED = new Date();
/** Half a dozen tries of what fails for good. */
const RETRY_FOR_MS = 3_000;
const MEMORY_BYTES = 64_000_000;
/** How long a claim without a version is left alone. */
export const ABANDONED_AFTER_MS = 24 * 3_600_000;
const STACK_FRAMES = 10;

export type Snapshot = Awaited<ReturnType<typeof snapshot>>;
export type Files = Readonly<Record<string, string | Buffer>>;

/** The commands with the real adapter, in this process, on the embedded server; waiting takes no time. */
export class FaultWorld implements AsyncDisposable {
  readonly server: S3Server;
  /** How much later it is for the store than when this world began. */
  readonly clock: { laterMs: number };
  readonly directory: string;
  /** States of buckets that have been found whole; the same bytes need not be read a second time. */
  readonly foundWhole = new Set<string>();
  #serial = 0;

  private constructor(server: S3Server, clock: { laterMs: number }, directory: string) {
    this.server = server;
    this.clock = clock;
    this.directory = directory;
  }

  static async start(): Promise<FaultWorld> {
    // Where thousands of errors are meant, a hundred frames of each cost more than the runs.
    Error.stackTraceLimit = STACK_FRAMES;
    const clock = { laterMs: 0 };
    const now = () => new Date(STARTED.getTime() + clock.laterMs);
    const server = await startS3Server({ personality: { minPartBytes: 1 }, now });
    // For the SDK's default chain, as a job with keys of its own has them.
    process.env.AWS_ACCESS_KEY_ID = server.credentials.accessKeyId;
    process.env.AWS_SECRET_ACCESS_KEY = server.credentials.secretAccessKey;
    return new FaultWorld(server, clock, await mkdtemp(join(tmpdir(), 'faults-')));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.server.close();
    await rm(this.directory, { recursive: true, force: true });
  }

  /** Whole seconds since the Unix epoch, as the store tells it. */
  get storeTime(): number {
    return Math.floor((STARTED.getTime() + this.clock.laterMs) / 1000);
  }

  /** A bucket that is there and empty, or one with what another holds, open uploads included. */
  bucket(like?: string): string {
    const name = `faults-${++this.#serial}`;
    if (like === undefined) this.server.admin.createBucket(name);
    else this.server.admin.copyBucket(like, name);
    return name;
  }

  /** What a bucket holds, by key, as far as it does not tell the moment. */
  state(bucket: string): Promise<BucketState> {
    return stateOf(this.server.admin, bucket);
  }

  /** A directory with these files. */
  async tree(files: Files): Promise<string> {
    const root = join(this.directory, `tree-${++this.#serial}`);
    await mkdir(root);
    for (const [path, content] of Object.entries(files)) {
      await mkdir(dirname(join(root, path)), { recursive: true });
      await writeFile(join(root, path), content);
    }
    return root;
  }

  async ports(bucket: string, options: RunOptions = {}): Promise<CommandPorts> {
    const time = options.time ?? virtualTime({ retryForMs: options.retryForMs ?? RETRY_FOR_MS });
    const { signal = new AbortController().signal, runAfter = 0 } = options;
    const run = { ...RUN, runAttempt: String(runAfter + 1) };
    const log = {
      ...silentLog,
      info: (line: string) => void options.lines?.push(line),
      warn: ({ message }: Warning) => void options.warnings?.push(message),
    };
    const { store, pace } = await openStore(
      {
        bucket,
        prefix: KEYS.location.prefix,
        series: KEYS.location.series,
        region: this.server.region,
        endpoint: options.endpoint ?? this.server.url,
        forcePathStyle: true,
      },
      { audience: '', roleDurationSeconds: 900, sessionPolicy: 'none' },
      {
        network: NETWORK,
        getIdToken: async () => '',
        onSecret: () => {},
        run,
        features: [],
        concurrency: options.concurrency ?? 1,
        signal,
        retry: time,
        log,
      },
    );
    // Two runs never share a nonce.
    let nonces = runAfter * 1_000;
    const temporaryDirectory = join(this.directory, 'temp');
    await mkdir(temporaryDirectory, { recursive: true });
    return {
      ...time,
      store,
      pace,
      log,
      signal,
      run,
      temporaryDirectory,
      lastingDirectory: temporaryDirectory,
      runnerFiles: [],
      ...producing(log),
      nonce: () => String(++nonces).padStart(32, '0'),
      requests: () => ({ writes: 0, reads: 0, free: 0 }),
      problems: () => [],
      conditionalWritesKnown: true,
      tool: RECORD.tool,
      place: {},
    };
  }

  async backup(bucket: string, root: string, options: RunOptions & Asked = {}) {
    const { concurrency = 1, layout = 'files', incremental = 'off', resume = false, keepLast, output } = options;
    const { packSize = PACK_BYTES, maxMemory = MEMORY_BYTES, compression = 'off' } = options;
    const request = {
      keys: KEYS,
      selection: { patterns: ['**'], root, includeHiddenFiles: true, ifNoFilesFound: 'error', ifFileChanged: 'error' },
      tags: {},
      concurrency,
      partSize: PART_BYTES,
      maxMemory,
      layout,
      packBelow: PART_BYTES,
      packSize,
      compressionLevel: 1,
      compression,
      ...(output && { output: outputOf(output) }),
      retention: retention(keepLast),
      incremental: { ...FULL_ONLY, mode: incremental },
      resume,
      dryRun: false,
    } as const;
    return backup(request, await this.ports(bucket, options));
  }

  async prune(bucket: string, keepLast: number, options: RunOptions = {}) {
    return prune({ keys: KEYS, retention: retention(keepLast), dryRun: false }, await this.ports(bucket, options));
  }

  /** @returns what has been restored */
  async restore(bucket: string, version = 'latest', options: RunOptions = {}): Promise<Snapshot> {
    const target = join(this.directory, `restored-${++this.#serial}`);
    const rules = { stripComponents: 0, overwrite: 'never', links: 'refuse' } as const;
    await restore(
      {
        keys: KEYS,
        version,
        patterns: [],
        target,
        workspace: this.directory,
        onNotFound: 'error',
        concurrency: 1,
        maxMemory: MEMORY_BYTES,
        rules,
      },
      await this.ports(bucket, options),
    );
    const found = await snapshot(target);
    await rm(target, { recursive: true, force: true });
    return found;
  }

  async verify(bucket: string, options: RunOptions = {}) {
    return verify(
      { keys: KEYS, version: 'all', level: 'data', concurrency: 1, maxMemory: MEMORY_BYTES },
      await this.ports(bucket, options),
    );
  }
}

export interface Asked {
  readonly layout?: BackupRequest['layout'];
  /** In bytes. */
  readonly packSize?: number;
  /** In bytes. */
  readonly maxMemory?: number;
  readonly compression?: BackupRequest['compression'];
  readonly incremental?: BackupRequest['incremental']['mode'];
  readonly resume?: boolean;
  readonly keepLast?: number | undefined;
  /** A command that writes what is in a file. */
  readonly output?: PlannedOutput | undefined;
}

export interface PlannedOutput {
  /** Of the entry. */
  readonly path: string;
  /** Absolute; what the command writes. */
  readonly file: string;
}

export interface RunOptions {
  readonly time?: VirtualTime;
  readonly retryForMs?: number;
  readonly concurrency?: number;
  /** In the place of the server's own URL. */
  readonly endpoint?: string;
  readonly signal?: AbortSignal;
  /** Gets the lines of the log. */
  readonly lines?: string[];
  /** Gets the warnings. */
  readonly warnings?: string[];
  /** How many runs have been at work in the bucket before; each is one more attempt of the same job. */
  readonly runAfter?: number;
}

function outputOf({ path, file }: PlannedOutput) {
  const source = { kind: 'program', file: 'cat', args: [file], directory: dirname(file) } as const;
  return { path, source, ifEmpty: 'error' } as const;
}

function retention(keepLast?: number) {
  return {
    policy: keepLast === undefined ? {} : { keepLast },
    timezone: 'UTC',
    maxDelete: { kind: 'percent', percent: 100 },
    pruneNoncurrent: false,
    abandonedAfterMs: ABANDONED_AFTER_MS,
  } as const;
}
