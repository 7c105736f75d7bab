/**
 * Puts the threads that make packs and take them apart beside the bundle, where `src/pack/worker-engine.ts` and
 * `src/restoration/unpack-engine.ts` look for them. They are bundles of their own, because a thread that had to load the
 * whole of the other would start ten times as slowly.
 *
 *   node scripts/place-worker.ts
 */
import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';

const PROJECT = join(import.meta.dirname, '..');

for (const name of ['pack-worker', 'unpack-worker']) {
  await copyFile(join(PROJECT, `lib/${name}/index.js`), join(PROJECT, `dist/${name}.js`));
}
