import { expect, it } from '@jest/globals';
import type { GetOptions, ObjectBody, ObjectStore } from '../../../src/store/object-store.ts';
import { asyncOf, KEYS } from '../../series/series-fixture.ts';
import { ObservedStore } from '../../store/observed-store.ts';
import { FULL_ONLY, Scene } from './scene.ts';

/** Verifications at once; each has its own view of the one series. */
const AT_ONCE = 16;
/** Odd, so that each of the eight bits is flipped somewhere. */
const SAMPLE_STEP = 29;

async function smallVersion(layout: 'files' | 'archive'): Promise<Scene> {
  const scene = await Scene.create();
  await scene.backup({ 'a.txt': 'alpha', 'b/c.txt': 'beta', link: '-> a.txt', 'hollow/': '' }, { layout });
  return scene;
}

/** The series with one byte of one object changed, for one reader. */
function flipped({ store }: Scene, key: string, original: Buffer, offset: number): ObjectStore {
  const body = Buffer.from(original);
  body[offset] = (body[offset] ?? 0) ^ (1 << (offset % 8));
  const get: ObjectStore['get'] = async (asked, options) =>
    asked === key ? rangeOf(body, options) : store.get(asked, options);
  return Object.assign(new ObservedStore(store), { get });
}

function rangeOf(body: Buffer, { range }: GetOptions = {}): ObjectBody {
  const bytes = range === undefined ? body : body.subarray(range.start, range.end);
  return { size: bytes.length, body: asyncOf([bytes]) };
}

/**
 * Flips a byte at a time of each of these objects: all of them, or with a `step` every n-th.
 * @returns the flips that verify did not find, and how many there were
 */
async function flipAll(scene: Scene, keys: readonly string[], version: string, step = 1) {
  const undetected: string[] = [];
  let flips = 0;
  for (const key of keys) {
    const original = await scene.read(key);
    const offsets = Array.from({ length: Math.ceil(original.length / step) }, (_, index) => index * step);
    for (let start = 0; start < offsets.length; start += AT_ONCE) {
      await Promise.all(
        offsets.slice(start, start + AT_ONCE).map(async (offset) => {
          const report = await scene.verify(
            { level: 'data', version },
            { store: flipped(scene, key, original, offset) },
          );
          flips += 1;
          if (report.damaged.count === 0) undetected.push(`${key} byte ${offset}`);
        }),
      );
    }
  }
  return { undetected, flips };
}

it.each(['files', 'archive'] as const)(
  'finds every changed byte of every object of a version, layout %s',
  async (layout) => {
    await using scene = await smallVersion(layout);
    const { undetected, flips } = await flipAll(scene, await scene.keys(), 'latest');
    expect(undetected).toEqual([]);
    expect(flips).toBeGreaterThan(1000);
  },
);

it('finds every changed byte of what an incremental version is made of', async () => {
  await using scene = await Scene.create();
  const incremental = { ...FULL_ONLY, mode: 'auto' } as const;
  const first = await scene.backup({ a: 'alpha', b: 'beta', c: 'gamma' }, { layout: 'archive', incremental });
  const second = await scene.backup({ b: 'changed' }, { layout: 'archive', incremental });
  // As after a prune: what is left of the first is its pack.
  await scene.remove(KEYS.record(first));
  await scene.remove(KEYS.index(first));
  const { undetected, flips } = await flipAll(scene, [KEYS.pack(first, 1), KEYS.index(second)], 'latest');
  expect(undetected).toEqual([]);
  expect(flips).toBeGreaterThan(200);
  // Every byte of a pack and of a record is flipped above, of a full version.
  const sampled = await flipAll(scene, [KEYS.pack(second, 1), KEYS.record(second)], 'latest', SAMPLE_STEP);
  expect(sampled.undetected).toEqual([]);
  expect(sampled.flips).toBeGreaterThan(40);
});
