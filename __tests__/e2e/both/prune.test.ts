import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Bucket } from '../bucket.ts';
import { complaints } from '../complaints.ts';
import { plant, withTree } from '../tree.ts';
import { startWorld, type World } from '../world.ts';

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.close());

/** Adds versions with these numbers of kept ones; @returns what the last run said and all IDs, oldest first */
async function makeVersions(bucket: Bucket, workspace: string, keepLast: readonly string[]) {
  const ids: string[] = [];
  for (const [index, keep] of keepLast.entries()) {
    await plant(workspace, { file: `content ${index}` });
    const result = await world.backup(bucket, { workspace, inputs: { 'keep-last': keep } });
    expect({ exitCode: result.exitCode, complaints: complaints(result) }).toEqual({ exitCode: 0, complaints: [] });
    ids.push(result.outputs['version-id'] ?? '');
    if (ids.length === keepLast.length) return { last: result, ids };
  }
  throw new Error('no version was asked for');
}

describe('keep-last', () => {
  it('keeps all where it is not given, and removes all that is too old once it is', async () => {
    const bucket = await world.createBucket();
    await withTree({}, async (workspace) => {
      const { last, ids } = await makeVersions(bucket, workspace, ['', '', '', '2']);
      const kept = ids.slice(2).reverse();
      expect(last.outputs).toMatchObject({
        pruned: JSON.stringify([ids[1], ids[0]]),
        kept: JSON.stringify(kept),
      });
      expect(last.log).toMatch(/version 4 .* kept +last 1 of 2, newest version$/m);
      expect(last.log).toMatch(/version 3 .* kept +last 2 of 2$/m);
      expect(last.log).toMatch(/version 2 .* removed +beyond the last 2$/m);
      // Of each: record, claim, index and one file of 9 bytes.
      expect(last.log).toMatch(/Retention: 2 versions removed \(8 objects, \d+ B\), 2 kept/);
      expect(last.summary).toMatch(/\| 1 \| [^|]+ \| full \| \*\*removed\*\* \| beyond the last 2 \|/);
      const keys = await bucket.keys();
      expect(keys).toHaveLength(8);
      expect(keys.filter((key) => kept.some((id) => key.includes(id)))).toHaveLength(6);
      expect(keys.filter((key) => key.includes('/claims/'))).toEqual([
        'backups/dist/claims/000003.json',
        'backups/dist/claims/000004.json',
      ]);
    });
  });

  it('honours pins', async () => {
    const bucket = await world.createBucket();
    await bucket.put('backups/dist/pins/000001.json', '{}');
    await withTree({}, async (workspace) => {
      const { last, ids } = await makeVersions(bucket, workspace, ['', '', '1']);
      expect(last.outputs).toMatchObject({
        pruned: JSON.stringify([ids[1]]),
        kept: JSON.stringify([ids[2], ids[0]]),
      });
      expect(last.log).toMatch(/version 1 .* kept +pinned$/m);
      expect(await bucket.keys(`backups/dist/data/${ids[0]}/`)).toHaveLength(2);
      expect(await bucket.keys('backups/dist/pins/')).toEqual(['backups/dist/pins/000001.json']);
    });
  });

  it('leaves everything alone that is not of the series', async () => {
    const bucket = await world.createBucket();
    const foreign = [
      'README.md',
      'backups/dist/README.md',
      'backups/dist/claims/notes.json',
      'backups/dist/data/strange',
      'backups/dist/data/dist_full_20200101T000000Z_000001/files/without-record',
      'backups/dist/pins/notes.txt',
      'backups/dist/versions/dist_full_20200101T000000Z_1.json',
      'backups/dist/versions/notes.txt',
      'backups/dist/versions/other_full_20200101T000000Z_000001.json',
      'backups/dist-2/versions/dist-2_full_20200101T000000Z_000001.json',
      'backups/dist_full/claims/000001.json',
      'backups/dist_full/versions/dist_full_full_20200101T000000Z_000001.json',
      'backups/other/versions/other_full_20200101T000000Z_000001.json',
    ];
    for (const key of foreign) await bucket.put(key, 'not ours');
    await withTree({}, async (workspace) => {
      const { last, ids } = await makeVersions(bucket, workspace, ['1', '1', '1']);
      // Numbers go on where the newest version is all that was left.
      expect(last.outputs.version).toBe('3');
      const keys = await bucket.keys();
      expect(keys.filter((key) => foreign.includes(key)).sort()).toEqual(foreign.sort());
      expect(keys).toHaveLength(foreign.length + 4);
      expect(keys.filter((key) => key.includes(ids[2] ?? ''))).toHaveLength(3);
    });
  });
});
