import { expect, it } from '@jest/globals';
import { DAY_MS, Series } from './prune-fixture.ts';

it('data that neither a record nor a claim speaks for goes with a prune by itself, once it is old', async () => {
  const series = new Series();
  const ids = await series.commit(2);
  const foreign = await series.foreign();
  const slow = await series.killed(3);
  await series.store.delete([{ key: series.keys.claim({ number: 3 }) }]);
  const alive = await series.killed(4);
  expect(await series.prune({ keepLast: 5 }, { sweepsUploads: true })).toMatchObject({ abandoned: [] });

  series.nowMs += 7 * DAY_MS + 1;
  await series.store.put(series.keys.claim({ number: 4 }), Buffer.from('as young as its run'));
  expect(await series.prune({ keepLast: 5 })).toMatchObject({ abandoned: [] });
  expect(await series.visible(series.keys.dataPrefix(slow))).toHaveLength(1);
  // A claim that cannot be read may lean on anything.
  expect(await series.prune({ keepLast: 5 }, { sweepsUploads: true })).toMatchObject({ abandoned: [] });

  await series.claim(4, alive);
  expect(await series.prune({ keepLast: 5 }, { sweepsUploads: true })).toMatchObject({ abandoned: [slow] });
  expect(await series.visible(series.keys.dataPrefix(slow))).toEqual([]);
  const left = [...series.keysOf(ids), ...foreign, series.keys.claim({ number: 4 }), series.keys.file(alive, 'a.txt')];
  expect(await series.visible()).toEqual(left.sort());
});
