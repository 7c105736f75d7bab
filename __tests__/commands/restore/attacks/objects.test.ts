import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { objectKey } from '../../../../src/store/object-key.ts';
import { failure, KEYS } from '../../../series/series-fixture.ts';
import { ObservedStore } from '../../../store/observed-store.ts';
import { file, idOf, Scene, treeOf } from '../scene.ts';
import { damage, expectRefused } from './refusal.ts';

describe('keys of other objects (GHSA-45pq-889g-fcgh, GHSA-38xv-hf3p-h7mq)', () => {
  const own = idOf(1);
  it.each([
    '../secrets/key',
    `data/${own}/../../../secrets/key`,
    `data/${own}/files/../../x`,
    `data/${own}`,
    `data/${own}x/files/a`,
    `data/${idOf(2)}/files/a`,
    `versions/${own}.json`,
    'claims/000001.json',
    `/data/${own}/files/a`,
    `data//${own}/files/a`,
    's3://other/data',
  ])('%j is refused', (key) =>
    expectRefused({ items: [file('a', 'a', { key })] }, damage(/its object .* is not of this version/)),
  );

  it('of a version of another series are refused, even if the record says it leans on it', () => {
    const other = own.replace('dist_', 'other_');
    return expectRefused(
      { items: [file('a', 'a', { key: `data/${other}/files/a` })], record: { leansOn: [other, '..', ''] } },
      damage(/its object .* is not of this version/),
    );
  });
});

describe('sizes and digests that lie (CVE-2025-62518)', () => {
  const wrong = { class: 'permanent', code: 'DAMAGED' };
  it.each([
    ['longer than its entry says', 'ab', { size: 1 }],
    ['shorter than its entry says', 'ab', { size: 3 }],
    ['empty', '', { size: 1 }],
    ['not empty', 'ab', { size: 0 }],
    ['of other bytes', 'ab', { sha256: 'f'.repeat(64) }],
    ['much shorter than its entry says', 'ab', { size: 2 ** 40 }],
  ])('an object that is %s', async (_, content, fields) => {
    await using scene = await Scene.create();
    const target = join(scene.workspace, 'target');
    await scene.publish({ items: [file('bad', content, fields), file('good')] });
    await expect(scene.restore({ target, concurrency: 1 })).rejects.toMatchObject({ details: wrong });
    // What was complete may be there; nothing of the bad one is.
    expect(Object.keys(await treeOf(target)).filter((path) => path !== 'good')).toEqual([]);
  });

  it('an object that is not there', async () => {
    await using scene = await Scene.create();
    await scene.publish({ items: [file('gone')] });
    await scene.store.delete([{ key: objectKey(`${KEYS.base}data/${idOf(1)}/files/gone`) }]);
    const missing = failure('not-found', /is damaged: its object ".*\/gone" is missing\.$/, { code: 'DAMAGED' });
    await expect(scene.restore()).rejects.toEqual(missing);
  });

  it('an index that is not there', async () => {
    await using scene = await Scene.create();
    await scene.publish({ items: [file('a')] });
    await scene.store.delete([{ key: KEYS.index(idOf(1)) }]);
    await expect(scene.restore()).rejects.toEqual(failure('not-found', /index.* is missing/, { code: 'DAMAGED' }));
  });

  it('an object of a version that a prune removes meanwhile, which is no damage', async () => {
    await using scene = await Scene.create();
    await scene.publish({ items: [file('gone')] });
    const get: ObservedStore['get'] = async (key, ...rest) => {
      if (key.endsWith('/files/gone')) await scene.store.delete([{ key: KEYS.record(idOf(1)) }, { key }]);
      return scene.store.get(key, ...rest);
    };
    const store = Object.assign(new ObservedStore(scene.store), { get });
    const outcome = scene.restore({}, { store });
    await expect(outcome).rejects.toMatchObject({ message: /was removed while it was restored/ });
    await expect(outcome).rejects.not.toMatchObject({ details: { code: 'DAMAGED' } });
  });
});
