import { availableParallelism } from 'node:os';
import { setImmediate } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import pLimit, { type LimitFunction } from 'p-limit';
import { BackupError, messageOf } from '../errors.ts';
import { THREAD_LIMITS } from '../heap.ts';
import { PackProblem } from '../pack/problem.ts';
import type { UnpackReply } from './unpack-messages.ts';
import { type PackedWrite, type SliceProblem, unpackSlice } from './unpack-slice.ts';

/** So few files are written before a thread would have started. */
const SMALL_JOB_FILES = 500;

/** More of them wait for the disk. */
const MAX_THREADS = 4;

/** One is worked on, one waits; each is a copy of its slice in memory. */
const SLICES_PER_THREAD = 2;

/** Takes slices apart and writes what is in them, see `unpackSlice`, in this thread or in others. */
export interface UnpackEngine {
  unpack(bytes: Uint8Array, writes: readonly PackedWrite[]): Promise<SliceProblem | undefined>;
  /** To be called when nothing is under way. */
  close(): Promise<void>;
}

/**
 * The engine of one restore. Threads take as long to start as an index of ten thousand files takes to be read: where many
 * files are expected, they start while it is.
 */
export class Unpacking implements AsyncDisposable {
  #engine: UnpackEngine | undefined;

  /** @param files that are likely to be written */
  expect(files: number): void {
    if (files > SMALL_JOB_FILES) this.#engine ??= new ThreadedUnpacking(Math.min(availableParallelism(), MAX_THREADS));
  }

  /** @param files that are going to be written */
  engineFor(files: number): UnpackEngine {
    this.expect(files);
    this.#engine ??= new InlineUnpacking();
    return this.#engine;
  }

  /** To be called when nothing is under way. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#engine?.close();
  }
}

class InlineUnpacking implements UnpackEngine {
  readonly #turn = pLimit(1);

  unpack(bytes: Uint8Array, writes: readonly PackedWrite[]): Promise<SliceProblem | undefined> {
    return this.#turn(async () => {
      const problem = unpackSlice(bytes, writes);
      // That went without a wait; now it is the turn of requests, and of signals.
      await setImmediate();
      return problem;
    });
  }

  async close(): Promise<void> {}
}

/** Small files are written fastest by calls that block, and two threads write twice as many. */
export class ThreadedUnpacking implements UnpackEngine {
  readonly #threads: readonly Thread[];
  readonly #turns: LimitFunction;

  /** @param threads how many; they start at once */
  constructor(threads: number) {
    this.#threads = Array.from({ length: threads }, () => new Thread());
    this.#turns = pLimit(threads * SLICES_PER_THREAD);
  }

  unpack(bytes: Uint8Array, writes: readonly PackedWrite[]): Promise<SliceProblem | undefined> {
    return this.#turns(() =>
      this.#threads.reduce((least, other) => (other.load < least.load ? other : least)).unpack(bytes, writes),
    );
  }

  async close(): Promise<void> {
    await Promise.all(this.#threads.map((thread) => thread.close()));
  }
}

/** The file beside this one; beside the bundle the build puts it under the same name. */
const WORKER_FILE = import.meta.url.replace(/[^/]+(\.[jt]s)$/, 'unpack-worker$1');

class Thread {
  readonly #worker = new Worker(new URL(WORKER_FILE), { resourceLimits: THREAD_LIMITS });
  readonly #pending = new Map<number, PromiseWithResolvers<SliceProblem | undefined>>();
  #asked = 0;
  #failure: BackupError | undefined;

  constructor() {
    this.#worker.on('message', (reply: UnpackReply) => this.#receive(reply));
    this.#worker.on('error', (cause) => this.#fail(cause));
    this.#worker.on('exit', () => this.#fail(new Error('it has ended')));
  }

  get load(): number {
    return this.#pending.size;
  }

  async unpack(bytes: Uint8Array, writes: readonly PackedWrite[]): Promise<SliceProblem | undefined> {
    if (this.#failure !== undefined) throw this.#failure;
    const id = this.#asked++;
    const answer = Promise.withResolvers<SliceProblem | undefined>();
    this.#pending.set(id, answer);
    // A copy of the slice alone, and not of all the memory it lies in.
    const copy = new Uint8Array(bytes);
    this.#worker.postMessage({ id, bytes: copy, writes }, [copy.buffer]);
    return answer.promise;
  }

  async close(): Promise<void> {
    await this.#worker.terminate();
  }

  #receive({ id, damage, error }: UnpackReply): void {
    const answer = this.#pending.get(id);
    this.#pending.delete(id);
    if (error !== undefined) answer?.reject(new BackupError(error.message, error.details));
    else answer?.resolve(damage && { path: damage.path, problem: new PackProblem(damage.problem) });
  }

  #fail(cause: unknown): void {
    this.#failure ??= new BackupError(`A thread that unpacks files failed: ${messageOf(cause)}.`, {
      class: 'local',
      operation: 'unpack files',
      hint: 'Try again; with `path` the version can be restored in smaller steps.',
      cause,
    });
    for (const answer of this.#pending.values()) answer.reject(this.#failure);
    this.#pending.clear();
  }
}
