import { once } from 'node:events';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { describe, expect, it } from '@jest/globals';

/** A tenth of what a hostile index could have; `npm run proof` plays a million, which takes some minutes. */
const ENTRIES = Number(process.env.HOSTILE_ENTRIES ?? 100_000);
/** Enough for what is sorted at once (16 Mi characters), and too little for all entries, each of which takes 0.7 KB. */
const HEAP_MB = 64;
const TIMEOUT_MS = ENTRIES * 3;

async function plan(data: { readonly count: number; readonly last?: string }): Promise<unknown> {
  const worker = new Worker(join(import.meta.dirname, 'many-entries.worker.ts'), {
    workerData: data,
    resourceLimits: { maxOldGenerationSizeMb: HEAP_MB, maxYoungGenerationSizeMb: 8 },
  });
  // A thread that needs more memory ends with an error, and so does this. Both are waited for from the start: where this
  // thread was busy, message and end arrive in one turn.
  const [[message]] = await Promise.all([once(worker, 'message'), once(worker, 'exit')]);
  return message;
}

describe('an index of very many entries (node-tar 2812e93)', () => {
  it(
    'is planned in a memory that does not hold them',
    async () => {
      const result = await plan({ count: ENTRIES });
      expect(result).toMatchObject({ totals: { files: 0, directories: ENTRIES, bytes: 0 } });
    },
    TIMEOUT_MS,
  );

  it(
    'is refused for its last entry',
    async () => {
      const result = await plan({ count: ENTRIES, last: 'b/../../evil' });
      expect(result).toEqual({ refused: expect.stringMatching(/"b\/..\/..\/evil" is not restored/) });
    },
    TIMEOUT_MS,
  );
});
