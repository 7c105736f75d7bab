import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from '@jest/globals';
import type { ObjectKey } from '../../../src/store/object-key.ts';
import { bytesOf } from '../../series/series-fixture.ts';
import { type Scene, treeOf } from './scene.ts';

export interface Flips {
  /** Of the object. */
  readonly bytes: number;
  /** Places of wrong bytes with which a restore succeeded. */
  readonly unnoticed: readonly number[];
}

/**
 * Restores once for every byte of an object, with that byte wrong. Whether or not it is noticed, nothing but what was
 * backed up comes back, and all of it where the restore succeeds.
 *
 * @param mask by which the byte at a place is changed
 */
export async function flipEachByte(
  scene: Scene,
  key: ObjectKey,
  mask: (index: number) => number,
  expected: Readonly<Record<string, string>>,
): Promise<Flips> {
  const target = join(scene.workspace, 'target');
  const bytes = await bytesOf((await scene.store.get(key)).body);
  const unnoticed: number[] = [];
  for (const index of bytes.keys()) {
    const flipped = Buffer.from(bytes);
    flipped[index] = (flipped[index] ?? 0) ^ mask(index);
    await scene.store.put(key, flipped);
    await rm(target, { recursive: true, force: true });
    const isRefused = await scene.restore({ target }).then(
      () => false,
      () => true,
    );
    const found = existsSync(target) ? await treeOf(target) : {};
    // What was complete before the restore stopped may be there, and nothing else.
    if (isRefused) expect(expected).toMatchObject(found);
    else expect(found).toEqual(expected);
    if (!isRefused) unnoticed.push(index);
  }
  await scene.store.put(key, bytes);
  return { bytes: bytes.byteLength, unnoticed };
}

/** The intact version comes back as it was. */
export async function expectIntact(scene: Scene, expected: Readonly<Record<string, string>>): Promise<void> {
  const target = join(scene.workspace, 'target');
  await scene.restore({ target });
  expect(await treeOf(target)).toEqual(expected);
}
