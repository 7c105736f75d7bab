/**
 * Puts the thread that makes packs beside the bundle, as `src/pack/worker-engine.ts` looks for it. It is a bundle of its
 * own, because a thread that had to load the whole of the other would start ten times as slowly.
 *
 *   node scripts/place-worker.ts
 */
import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';

const PROJECT = join(import.meta.dirname, '..');

await copyFile(join(PROJECT, 'lib/pack-worker/index.js'), join(PROJECT, 'dist/pack-worker.js'));
