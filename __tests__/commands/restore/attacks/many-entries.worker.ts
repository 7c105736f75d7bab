import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { parentPort, workerData } from 'node:worker_threads';
import { planRestore } from '../../../../src/restoration/plan.ts';
import { POSIX } from '../../../../src/selection/paths.ts';
import { encodeEntry } from '../../../../src/series/entry-line.ts';
import { fetchIndex } from '../../../../src/series/index-file.ts';
import { SeriesKeys } from '../../../../src/series/keys.ts';
import { compress } from '../../../../src/series/zstd.ts';

/**
 * Plans the restore of an index of very many entries, in a thread whose memory is limited from outside. With `last` the
 * index ends in that path.
 */
const { count, last }: { readonly count: number; readonly last?: string } = workerData;

/** Makes a line long in memory, and no longer in what is stored. */
const DEEP = 'a/'.repeat(75).slice(0, -1);

const keys = new SeriesKeys({ prefix: 'backups', series: 'dist' });
const directory = await mkdtemp(join(tmpdir(), 'many-entries-'));
try {
  const stored = await buffer(compress(lines()));
  const reference = {
    key: 'data/index.ndjson.zst',
    bytes: stored.length,
    sha256: createHash('sha256').update(stored).digest('hex'),
    entries: count,
  };
  const store = { get: async () => ({ size: stored.length, body: one(stored) }) };
  const index = await fetchIndex(store, keys, reference, join(directory, 'index'));
  const plan = await planRestore({
    entries: index.entries(),
    isChosen: () => true,
    objectProblem: () => undefined,
    rules: { stripComponents: 0, overwrite: 'never', links: 'refuse' },
    target: {
      path: '/target',
      isFresh: true,
      traits: { ignoresCase: false, ignoresForm: false },
      places: { keepsOutCommands: true, runnerFiles: [] },
      style: POSIX,
    },
    temporaryDirectory: directory,
    checkTotals: () => {},
  });
  parentPort?.postMessage({ storedBytes: stored.length, totals: plan.totals });
  await plan.close();
} catch (error) {
  parentPort?.postMessage({ refused: error instanceof Error ? error.message : String(error) });
} finally {
  await rm(directory, { recursive: true });
}

async function* lines(): AsyncGenerator<string> {
  const entry = { type: 'directory', mode: '0755', mtime: '2026-11-22T08:00:00Z' } as const;
  for (let number = 1; number < count; number++) {
    yield encodeEntry({ ...entry, path: `${DEEP}/${String(number).padStart(7, '0')}` });
  }
  yield encodeEntry({ ...entry, path: last ?? 'b' });
}

async function* one(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
