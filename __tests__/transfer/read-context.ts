import { MemoryStore } from '../../src/store/memory.ts';
import { objectKey } from '../../src/store/object-key.ts';
import { Lanes } from '../../src/transfer/lanes.ts';
import { RANGE_BYTES, type ReadContext } from '../../src/transfer/read-object.ts';
import { ObservedStore } from '../store/observed-store.ts';

export const KEY = objectKey('dist/data/object');

export interface Reading {
  readonly context: ReadContext;
  readonly store: ObservedStore;
  /** Of all bytes that came in. */
  received: number;
}

/** A store in memory with one object, and what it takes to read from it. */
export async function readingOf(bytes: Uint8Array): Promise<Reading> {
  const memory = new MemoryStore({ clock: () => new Date(0) });
  await memory.put(KEY, bytes);
  const store = new ObservedStore(memory);
  const reading = { store, received: 0 };
  const context: ReadContext = {
    store,
    signal: new AbortController().signal,
    lanes: new Lanes(4, RANGE_BYTES),
    onReceived: (count) => {
      reading.received += count;
    },
  };
  return Object.assign(reading, { context });
}
