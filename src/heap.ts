import { setFlagsFromString } from 'node:v8';

/**
 * What V8 looks up at every collection. Left alone it takes up to 100 MB for objects that have just been made, and lets the
 * rest grow to several times what is alive before it looks again: of 100,000 entries that go by, a step would keep the
 * dust of most.
 */
const FLAGS: readonly string[] = ['--semi-space-growth-factor=1', '--heap-growing-percent=70'];

/**
 * Has this process collect garbage before there is much of it, so that its memory does not grow with the number of entries.
 * Not for the start, when all that is made stays, and collecting would be for nothing.
 */
export function boundHeap(): void {
  for (const flag of FLAGS) setFlagsFromString(flag);
}

/** Of a worker thread: what it makes is soon gone, and by default V8 would let 48 MB of that pile up in each. */
export const THREAD_LIMITS = { maxYoungGenerationSizeMb: 3 } as const;
