import { expect, it } from '@jest/globals';
import type { GetOptions, ObjectBody, ObjectStore } from '../../../src/store/object-store.ts';
import { asyncOf } from '../../series/series-fixture.ts';
import { ObservedStore } from '../../store/observed-store.ts';
import { Scene } from './scene.ts';

/** Verifications at once; each has its own view of the one series. */
const AT_ONCE = 16;

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

it.each(['files', 'archive'] as const)(
  'finds every changed byte of every object of a version, layout %s',
  async (layout) => {
    await using scene = await smallVersion(layout);
    const undetected: string[] = [];
    let flips = 0;
    for (const key of await scene.keys()) {
      const original = await scene.read(key);
      for (let start = 0; start < original.length; start += AT_ONCE) {
        const offsets = Array.from({ length: Math.min(AT_ONCE, original.length - start) }, (_, index) => start + index);
        await Promise.all(
          offsets.map(async (offset) => {
            const report = await scene.verify({ level: 'data' }, { store: flipped(scene, key, original, offset) });
            flips += 1;
            if (report.damaged.count === 0) undetected.push(`${key} byte ${offset}`);
          }),
        );
      }
    }
    expect(undetected).toEqual([]);
    expect(flips).toBeGreaterThan(1000);
  },
);
