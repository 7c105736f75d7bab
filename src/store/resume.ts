import { BackupError, DAMAGED, isClass } from '../errors.ts';
import type { ObjectKey } from './object-key.ts';
import type { GetOptions, ObjectBody, ObjectStore } from './object-store.ts';
import { type RetryPorts, Tries } from './retry.ts';

/** All that reading needs of a store. */
export type ObjectReader = Pick<ObjectStore, 'get' | 'head' | 'list' | 'resumesReads'>;

export interface ResumePorts extends RetryPorts {
  readonly signal: AbortSignal;
}

/**
 * A reader whose bodies outlive their connections: after a break, a premature end included, they go on from the last
 * good byte, and only with the very object they began with (`If-Match`). Every byte that comes counts as progress: the
 * body fails once tries have brought none for as long as an operation is tried again.
 */
export function resuming(store: ObjectReader, ports: ResumePorts): ObjectReader {
  if (store.resumesReads) return store;
  return {
    resumesReads: true,
    get: (key, options) => getResuming(store, key, options, ports),
    head: (key) => store.head(key),
    list: (prefix) => store.list(prefix),
  };
}

/** One read of {@link resuming}. @param store sends a request for what is left after each break */
export async function getResuming(
  store: Pick<ObjectReader, 'get'>,
  key: ObjectKey,
  options: GetOptions = {},
  ports: ResumePorts,
): Promise<ObjectBody> {
  const first = await store.get(key, options);
  return { ...first, body: wholeBody(store, { key, options, first }, ports) };
}

interface BegunRead {
  readonly key: ObjectKey;
  readonly options: GetOptions;
  readonly first: ObjectBody;
}

async function* wholeBody(
  store: Pick<ObjectReader, 'get'>,
  read: BegunRead,
  ports: ResumePorts,
): AsyncGenerator<Uint8Array> {
  const { size } = read.first;
  let position = 0;
  let body: AsyncIterable<Uint8Array> | undefined = read.first.body;
  const tries = new Tries(ports);
  for (;;) {
    try {
      body ??= (await store.get(read.key, restOf(read, position))).body;
      for await (const chunk of body) {
        ports.signal.throwIfAborted();
        position += chunk.byteLength;
        if (position > size) throw tooLong(read.key, size);
        tries.progressed();
        yield chunk;
      }
      if (position === size) return;
      throw brokenOff(read.key, size, position);
    } catch (error) {
      ports.signal.throwIfAborted();
      if (position === size) return; // it broke after its last byte
      if (position > 0 && isBeyondEnd(error)) throw tooShort(read.key, size, position);
      await tries.waitAfter(explained(error, read));
      body = undefined;
    }
  }
}

function restOf({ options, first }: BegunRead, position: number): GetOptions {
  const start = options.range?.start ?? 0;
  return {
    ...options,
    range: { start: start + position, end: start + first.size },
    ...(first.etag && { ifMatch: first.etag }),
  };
}

function brokenOff(key: string, size: number, position: number): BackupError {
  return new BackupError(`The reply with the object ${JSON.stringify(key)} ended early.`, {
    class: 'transient',
    operation: 'GetObject',
    key,
    expected: `${size} bytes`,
    found: `${position} bytes`,
  });
}

/** What S3 says of a range that begins at the end of the object or after it. */
const BEYOND_END = 'InvalidRange';

/** True for the refusal of a range because the object is not that long. */
export function isBeyondEnd(error: unknown): boolean {
  return isClass(error, 'permanent') && error.details.code === BEYOND_END;
}

/** It is the same object (`If-Match`), and has no more bytes: what told its size was wrong, and may be right next time. */
function tooShort(key: string, size: number, position: number): BackupError {
  return new BackupError(`The object ${JSON.stringify(key)} is shorter than the reply with it announced.`, {
    class: 'permanent',
    operation: 'GetObject',
    key,
    code: DAMAGED,
    expected: `${size} bytes`,
    found: `${position} bytes`,
  });
}

function tooLong(key: string, size: number): BackupError {
  return new BackupError(`The reply with the object ${JSON.stringify(key)} is longer than it was announced.`, {
    class: 'permanent',
    operation: 'GetObject',
    key,
    expected: `${size} bytes`,
    found: 'more',
  });
}

/** Objects of a series never change, so one that did in the middle of a read is a finding of its own. */
function explained(cause: unknown, { key, first }: BegunRead): unknown {
  if (!isClass(cause, 'lost-race')) return cause;
  return new BackupError(`The object ${JSON.stringify(key)} was replaced while it was read.`, {
    class: 'permanent',
    operation: 'GetObject',
    key,
    ...(first.etag && { expected: `ETag ${first.etag}` }),
    hint: 'Nothing of this tool replaces objects: find out who else writes below the prefix, and verify the series.',
    cause,
  });
}
