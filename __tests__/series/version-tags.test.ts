import { expect, it } from '@jest/globals';
import { listVersions } from '../../src/series/catalogue.ts';
import { withTags } from '../../src/series/version-tags.ts';
import { Scene } from '../commands/verify/scene.ts';
import { ObservedStore } from '../store/observed-store.ts';
import { KEYS } from './series-fixture.ts';

it('reads the tags of every version that comes without, once, and passes over damaged records with a warning', async () => {
  await using scene = await Scene.create();
  const [first, second = ''] = [await scene.backup({ a: '1' }), await scene.backup({ a: '2' })];
  await scene.put(KEYS.record(second), 'damaged');
  const listed = await listVersions(scene.store, KEYS);
  const planned = {
    ...listed[0],
    id: 'planned',
    number: 3,
    type: 'full' as const,
    time: new Date(),
    tags: { own: 'yes' },
  };
  const store = new ObservedStore(scene.store);
  const kinds: string[] = [];
  const versions = await withTags(store, KEYS, [...listed, planned], ({ kind }) => kinds.push(kind));
  expect(versions.map(({ id, tags }) => [id, tags])).toEqual([
    [first, { team: 'core' }],
    [second, undefined],
    ['planned', { own: 'yes' }],
  ]);
  // One that is damaged is read a second time before it is called so.
  expect(store.operations).toEqual(['get', 'get', 'get']);
  expect(kinds).toEqual(['record-unreadable']);
});
