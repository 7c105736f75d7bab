import { BackupError } from '../../src/errors.ts';
import type { MemoryStore } from '../../src/store/memory.ts';
import type { ObjectKey } from '../../src/store/object-key.ts';
import type {
  DeleteFailure,
  DeleteTarget,
  ListedObject,
  ListedUpload,
  ObjectBody,
  ObjectInfo,
  ObjectStore,
  PutOptions,
  StoredObject,
} from '../../src/store/object-store.ts';
import { numberOf, type Pending } from './stage.ts';
import type { World } from './world.ts';

type PlainFault = Pending['faults'][number];

const NONE: readonly PlainFault[] = [];

/**
 * One actor's view of the store that all share: each request waits for its turn and then happens at once. A page of a
 * listing is a request, and so is each key of a batch to delete, which S3 does not promise to do together.
 */
export class StepStore implements ObjectStore {
  readonly bucket = 'memory';
  readonly takesTags = true;
  readonly #world: World;
  readonly #shared: MemoryStore;
  readonly #enqueue: (pending: Pending) => void;

  constructor(world: World, enqueue: (pending: Pending) => void) {
    this.#world = world;
    this.#shared = world.store;
    this.#enqueue = enqueue;
  }

  put(key: ObjectKey, body: Uint8Array, options: PutOptions = {}): Promise<StoredObject> {
    return this.#step(
      `put ${key}`,
      [
        ...(options.ifAbsent ? (['conflict'] as const) : []),
        ...(options.once ? (['request-lost'] as const) : (['repeated'] as const)),
        'reply-lost',
      ],
      () => this.#world.put(key, body, options),
      () => 'stored',
    );
  }

  get(key: ObjectKey): Promise<ObjectBody> {
    const read = async () => {
      const found = await this.#shared.get(key);
      const bytes = Buffer.concat(await Array.fromAsync(found.body));
      return { ...found, body: chunk(bytes), text: bytes.toString('latin1') };
    };
    return this.#step(`get ${key}`, NONE, read, ({ text }) => String(numberOf(text)));
  }

  head(key: ObjectKey): Promise<ObjectInfo> {
    return this.#step(
      `head ${key}`,
      NONE,
      () => this.#shared.head(key),
      ({ etag = '' }) => etag,
    );
  }

  async *list(prefix: string): AsyncGenerator<ListedObject> {
    let after: string | undefined;
    for (;;) {
      const page = await this.#step(
        `list ${prefix} after ${after ?? ''}`,
        NONE,
        () => this.#page(prefix, after),
        ({ items, more }) =>
          items.map(({ key, lastModified, etag }) => `${key}@${+lastModified}${etag}`).join() + String(more),
      );
      yield* page.items;
      after = page.items.at(-1)?.key;
      if (!page.more) return;
    }
  }

  async *listPrefixes(prefix: string): AsyncGenerator<string> {
    const read = () => Array.fromAsync(this.#shared.listPrefixes(prefix));
    yield* await this.#step(`list folders of ${prefix}`, NONE, read, (folders) => folders.join());
  }

  async *listUploads(): AsyncGenerator<ListedUpload> {
    const read = () => Array.fromAsync(this.#shared.listUploads(''));
    yield* await this.#step('list uploads', NONE, read, (uploads) => uploads.map(({ uploadId }) => uploadId).join());
  }

  abortUpload(key: ObjectKey, uploadId: string): Promise<void> {
    const abort = () => this.#shared.abortUpload(key, uploadId);
    return this.#step(`abort ${uploadId}`, NONE, abort, () => 'aborted');
  }

  async delete(targets: readonly DeleteTarget[]): Promise<DeleteFailure[]> {
    const failures: DeleteFailure[] = [];
    for (const { key } of targets) {
      const remove = async () => this.#world.delete(key);
      failures.push(...(await this.#step(`delete ${key}`, NONE, remove, (failed) => String(failed.length))));
    }
    return failures;
  }

  async versioning() {
    return 'off' as const;
  }

  async objectLocking() {
    return 'off' as const;
  }

  async expirationRules() {
    return [];
  }

  now(): Date {
    return this.#world.now();
  }

  putStream = unused;
  openUpload = unused;
  listParts = unused;
  listVersions = unused;
  listVersionPrefixes = unused;
  retain = unused;
  hold = unused;

  async #page(prefix: string, after: string | undefined) {
    const all = await Array.fromAsync(this.#shared.list(prefix));
    const rest = after === undefined ? all : all.filter(({ key }) => key > after);
    return { items: rest.slice(0, this.#world.pageSize), more: rest.length > this.#world.pageSize };
  }

  #step<T>(
    label: string,
    faults: readonly PlainFault[],
    work: () => Promise<T>,
    reply: (result: T) => string,
  ): Promise<T> {
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    const perform = async (fault: PlainFault | undefined): Promise<string> => {
      try {
        const result = await withFault(fault, work);
        if (fault === 'repeated') return repeat();
        resolve(result);
        return reply(result);
      } catch (error) {
        if (fault === 'repeated') return repeat();
        reject(error);
        return error instanceof BackupError ? error.class : String(error);
      }
    };
    // Others may come between a request and its repetition.
    const repeat = () => {
      this.#enqueue({ label: `${label} again`, faults: NONE, perform: () => perform(undefined) });
      return 'no reply';
    };
    this.#enqueue({ label, faults, perform });
    return promise;
  }
}

async function withFault<T>(fault: PlainFault | undefined, work: () => Promise<T>): Promise<T> {
  if (fault === 'conflict') throw new BackupError('Somebody else is at it.', { class: 'conflict', httpStatus: 409 });
  if (fault === 'request-lost') throw new BackupError('The connection broke.', { class: 'transient' });
  const result = await work();
  if (fault === 'reply-lost') throw new BackupError('The connection broke.', { class: 'transient' });
  return result;
}

async function* chunk(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

function unused(): never {
  throw new Error('The protocol has no use for this request');
}
