import { Worker } from 'node:worker_threads';
import { BackupError, messageOf } from '../errors.ts';
import { THREAD_LIMITS } from '../heap.ts';
import type { BatchItem, BuiltFrame, Decision, ReadOptions, ReadOutcome } from './batch.ts';
import type { OpenBatch, PackEngine } from './engine.ts';
import type { WorkerReply, WorkerRequest } from './worker-messages.ts';

/** One is worked on, one waits: a thread is never idle, and no more is held in memory. */
export const BATCHES_PER_THREAD = 2;

/** Works in threads, each of which reads, hashes and compresses whole batches. */
export class WorkerEngine implements PackEngine {
  readonly batchesAtOnce: number;
  readonly #threads: readonly Thread[];

  /** @param threads how many; they start at once */
  constructor(options: ReadOptions & { readonly level: number }, threads: number) {
    this.batchesAtOnce = threads * BATCHES_PER_THREAD;
    this.#threads = Array.from({ length: threads }, () => new Thread(startWorker(options)));
  }

  async read(items: readonly BatchItem[]): Promise<OpenBatch> {
    const thread = this.#threads.reduce((least, other) => (other.load < least.load ? other : least));
    return thread.read(items);
  }

  async close(): Promise<void> {
    await Promise.all(this.#threads.map((thread) => thread.close()));
  }
}

/**
 * The file beside this one; beside the bundle the build puts it under the same name. Not as `new URL('./…', …)`, which
 * ncc would take for its own business and give a name that changes with the content.
 */
const WORKER_FILE = import.meta.url.replace(/[^/]+(\.[jt]s)$/, 'pack-worker$1');

function startWorker(workerData: ReadOptions & { readonly level: number }): Worker {
  return new Worker(new URL(WORKER_FILE), { workerData, resourceLimits: THREAD_LIMITS });
}

interface Pending {
  readonly read: PromiseWithResolvers<readonly ReadOutcome[]>;
  readonly built: PromiseWithResolvers<BuiltFrame>;
}

/** A thread and the batches it has. */
class Thread {
  readonly #worker: Worker;
  readonly #pending = new Map<number, Pending>();
  #batches = 0;
  #failure: BackupError | undefined;

  constructor(worker: Worker) {
    this.#worker = worker;
    worker.on('message', (reply: WorkerReply) => this.#receive(reply));
    worker.on('error', (cause) => this.#fail(cause));
    worker.on('exit', () => this.#fail(new Error('it has ended')));
  }

  /** Batches begun and not built. */
  get load(): number {
    return this.#pending.size;
  }

  async read(items: readonly BatchItem[]): Promise<OpenBatch> {
    if (this.#failure !== undefined) throw this.#failure;
    const batch = this.#batches++;
    const pending = { read: Promise.withResolvers(), built: Promise.withResolvers() } as Pending;
    // Whoever waits for one of them is told; the other has nobody yet.
    pending.read.promise.catch(() => {});
    pending.built.promise.catch(() => {});
    this.#pending.set(batch, pending);
    this.#post({ kind: 'read', batch, items });
    return { outcomes: await pending.read.promise, build: (decisions) => this.#build(batch, pending, decisions) };
  }

  close(): Promise<unknown> {
    return this.#worker.terminate();
  }

  #build(batch: number, pending: Pending, decisions: readonly Decision[]): Promise<BuiltFrame> {
    this.#post({ kind: 'build', batch, decisions });
    return pending.built.promise;
  }

  #post(request: WorkerRequest): void {
    this.#worker.postMessage(request);
  }

  #receive(reply: WorkerReply): void {
    const pending = this.#pending.get(reply.batch);
    if (reply.kind === 'read') {
      pending?.read.resolve(reply.outcomes);
    } else {
      this.#pending.delete(reply.batch);
      pending?.built.resolve(reply.frame);
    }
  }

  #fail(cause: unknown): void {
    this.#failure ??= new BackupError(`A thread that packs files failed: ${messageOf(cause)}.`, {
      class: 'local',
      operation: 'pack files',
      hint: 'Try again; if that does not help, `layout: files` needs no threads.',
      cause,
    });
    for (const { read, built } of this.#pending.values()) {
      read.reject(this.#failure);
      built.reject(this.#failure);
    }
    this.#pending.clear();
  }
}
