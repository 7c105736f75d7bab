import type { DeleteFailure, DeleteTarget, ObjectStore } from '../../src/store/object-store.ts';

export interface Request {
  readonly operation: string;
  /** What it is done to; of a listing the prefix. */
  readonly keys: readonly string[];
}

export interface Hooks {
  /** Called, and waited for, before a request is made; what it throws is what the caller gets. `count` begins at 1. */
  readonly before?: (request: Request, count: number) => void | Promise<void>;
  /** In the place of a delete. */
  readonly delete?: (targets: readonly DeleteTarget[], count: number) => Promise<DeleteFailure[]>;
}

/** Takes note of every request. */
export class ObservedStore implements ObjectStore {
  readonly requests: Request[] = [];
  readonly #inner: ObjectStore;
  readonly #hooks: Hooks;

  constructor(inner: ObjectStore, hooks: Hooks = {}) {
    this.#inner = inner;
    this.#hooks = hooks;
  }

  get bucket(): string {
    return this.#inner.bucket;
  }

  get takesTags(): boolean {
    return this.#inner.takesTags;
  }

  /** `delete 2`, `head`, `list`: operations in order, with how many keys a delete has. */
  get operations(): string[] {
    return this.requests.map(({ operation, keys }) =>
      operation === 'delete' ? `${operation} ${keys.length}` : operation,
    );
  }

  put: ObjectStore['put'] = async (key, ...rest) => {
    await this.#note('put', [key]);
    return this.#inner.put(key, ...rest);
  };

  putStream: ObjectStore['putStream'] = async (key, ...rest) => {
    await this.#note('putStream', [key]);
    return this.#inner.putStream(key, ...rest);
  };

  openUpload: ObjectStore['openUpload'] = async (key, plan) => {
    await this.#note('openUpload', [key]);
    return this.#inner.openUpload(key, plan);
  };

  listParts: ObjectStore['listParts'] = async (key, uploadId) => {
    this.#note('listParts', [key]);
    return this.#inner.listParts(key, uploadId);
  };

  get: ObjectStore['get'] = async (key, ...rest) => {
    await this.#note('get', [key]);
    return this.#inner.get(key, ...rest);
  };

  head: ObjectStore['head'] = async (key) => {
    await this.#note('head', [key]);
    return this.#inner.head(key);
  };

  async *list(prefix: string) {
    await this.#note('list', [prefix]);
    yield* this.#inner.list(prefix);
  }

  async *listPrefixes(prefix: string) {
    await this.#note('listPrefixes', [prefix]);
    yield* this.#inner.listPrefixes(prefix);
  }

  async *listVersionPrefixes(prefix: string) {
    await this.#note('listVersionPrefixes', [prefix]);
    yield* this.#inner.listVersionPrefixes(prefix);
  }

  async *listVersions(prefix: string) {
    await this.#note('listVersions', [prefix]);
    yield* this.#inner.listVersions(prefix);
  }

  async *listUploads(prefix: string) {
    await this.#note('listUploads', [prefix]);
    yield* this.#inner.listUploads(prefix);
  }

  abortUpload: ObjectStore['abortUpload'] = async (key, uploadId) => {
    await this.#note('abortUpload', [key]);
    return this.#inner.abortUpload(key, uploadId);
  };

  delete: ObjectStore['delete'] = async (targets) => {
    const keys = targets.map(({ key }) => key);
    const count = await this.#note('delete', keys);
    return this.#hooks.delete === undefined ? this.#inner.delete(targets) : this.#hooks.delete(targets, count);
  };

  versioning: ObjectStore['versioning'] = async () => {
    await this.#note('versioning', []);
    return this.#inner.versioning();
  };

  objectLocking: ObjectStore['objectLocking'] = async () => {
    await this.#note('objectLocking', []);
    return this.#inner.objectLocking();
  };

  expirationRules: ObjectStore['expirationRules'] = async () => {
    await this.#note('expirationRules', []);
    return this.#inner.expirationRules();
  };

  retain: ObjectStore['retain'] = async (key, ...rest) => {
    await this.#note('retain', [key]);
    return this.#inner.retain(key, ...rest);
  };

  hold: ObjectStore['hold'] = async (key) => {
    await this.#note('hold', [key]);
    return this.#inner.hold(key);
  };

  now(): Date {
    return this.#inner.now();
  }

  async #note(operation: string, keys: readonly string[]): Promise<number> {
    const count = this.requests.push({ operation, keys });
    await this.#hooks.before?.({ operation, keys }, count);
    return count;
  }
}

/** The process is gone: no error of the store, and nothing catches it. */
export class Killed extends Error {}

/** Dies at its request number `last`: that one is not made, or, if it is a delete and `halfDone`, half of it is. */
export function mortal(inner: ObjectStore, last: number, halfDone: boolean): ObservedStore {
  return new ObservedStore(inner, {
    before: ({ operation }, count) => {
      const isHalfDone = halfDone && operation === 'delete' && count === last;
      if (count >= last && !isHalfDone) throw new Killed();
    },
    delete: async (targets, count) => {
      if (count < last) return inner.delete(targets);
      await inner.delete(targets.slice(0, Math.ceil(targets.length / 2)));
      throw new Killed();
    },
  });
}

/** Refuses to delete what `codeOf` has an error code for. */
export function refusing(
  inner: ObjectStore,
  codeOf: (target: DeleteTarget) => string | undefined,
  message = 'Not now.',
): ObservedStore {
  return new ObservedStore(inner, {
    delete: async (targets) => {
      const failures = targets.flatMap((target) => {
        const code = codeOf(target);
        return code === undefined ? [] : [{ target, code, message }];
      });
      return [...failures, ...(await inner.delete(targets.filter((target) => codeOf(target) === undefined)))];
    },
  });
}
