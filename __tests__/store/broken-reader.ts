import { BackupError, type ErrorClass } from '../../src/errors.ts';
import { MemoryStore } from '../../src/store/memory.ts';
import { objectKey } from '../../src/store/object-key.ts';
import type { GetOptions, ObjectBody } from '../../src/store/object-store.ts';
import type { ObjectReader } from '../../src/store/resume.ts';

export const KEY = objectKey('dist/data/big');

/** What happens to the n-th reply, from 0. */
export interface Mishap {
  /** Bytes of the reply that still come. */
  readonly afterBytes: number;
  /** Absent: the reply just ends. */
  readonly class?: ErrorClass;
}

export interface BrokenReader extends ObjectReader {
  readonly asked: GetOptions[];
}

export async function storeWith(bytes: Uint8Array): Promise<MemoryStore> {
  const store = new MemoryStore({ clock: () => new Date(0) });
  await store.put(KEY, bytes);
  return store;
}

/** Hands on what a store has in chunks of a few bytes, until something happens to a reply. */
export function breaking(
  store: MemoryStore,
  mishaps: Readonly<Record<number, Mishap>>,
  chunkBytes = 1000,
): BrokenReader {
  const asked: GetOptions[] = [];
  return {
    asked,
    head: (key) => store.head(key),
    list: (prefix) => store.list(prefix),
    async get(key, options = {}) {
      const mishap = mishaps[asked.push(options) - 1];
      const object = await store.get(key, options);
      return { ...object, body: damagedBody(object, mishap, chunkBytes) };
    },
  };
}

async function* damagedBody({ body }: ObjectBody, mishap: Mishap | undefined, chunkBytes: number) {
  const bytes = Buffer.concat(await Array.fromAsync(body)).subarray(0, mishap?.afterBytes);
  for (let start = 0; start < bytes.byteLength; start += chunkBytes) yield bytes.subarray(start, start + chunkBytes);
  if (mishap?.class !== undefined) throw new BackupError('The connection broke.', { class: mishap.class });
}
