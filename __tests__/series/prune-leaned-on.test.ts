import { describe, expect, it } from '@jest/globals';
import { formatVersionId } from '../../src/series/version-id.ts';
import { objectKey } from '../../src/store/object-key.ts';
import { DAY_MS, Series } from './prune-fixture.ts';

/** A run at work on an incremental version of these. */
async function writerLeaningOn(series: Series, number: number, leansOn: readonly string[]): Promise<void> {
  const id = formatVersionId({ series: 'dist', type: 'incremental', time: new Date(series.nowMs), number });
  await series.claim(number, id, undefined, leansOn);
}

describe('prune beside a writer whose claim leans on a doomed version', () => {
  it('removes the record but keeps data and claim, and takes them once the writer is gone', async () => {
    const series = new Series();
    const [first = '', second = '', third = ''] = await series.commit(3);
    await writerLeaningOn(series, 4, [second]);

    const { removed } = await series.prune({ keepLast: 1 });
    expect(removed).toEqual([second, first]);
    const kept = series.keysOf([second]).filter((key) => key !== series.keys.record(second));
    expect(await series.visible()).toEqual(expect.arrayContaining(kept));
    expect(await series.visible()).not.toEqual(expect.arrayContaining([series.keys.file(first, 'a.txt')]));

    // The writer was killed: its claim and what it leaned on are leftovers now.
    series.nowMs += 8 * DAY_MS;
    await series.prune({ keepLast: 1 });
    expect(await series.visible()).toEqual(series.keysOf([third]).sort());
  });

  it('deletes no data while the claim of a run at work cannot be read', async () => {
    const series = new Series();
    const ids = await series.commit(3);
    await series.store.put(series.keys.claim({ number: 4 }), Buffer.from('{"format":2}'));
    const { warnings } = await series.prune({ keepLast: 1 });
    expect(warnings).toEqual([expect.objectContaining({ kind: 'unreadable-live-claim' })]);
    const data = ids.map((id) => series.keys.file(id, 'a.txt'));
    expect(await series.visible()).toEqual(expect.arrayContaining(data));
  });

  it('does not look into claims that have a record', async () => {
    const series = new Series();
    const [first = '', second = ''] = await series.commit(2);
    await series.store.put(objectKey(series.keys.claim({ number: 2 })), Buffer.from('not read'));
    await series.prune({ keepLast: 1 });
    expect(await series.visible()).not.toContain(series.keys.file(first, 'a.txt'));
    expect(await series.visible()).toContain(series.keys.file(second, 'a.txt'));
  });
});
