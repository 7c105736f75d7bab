import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { plant, withTree } from '../tree.ts';
import { FULL_ONLY, startWorld, type World } from '../world.ts';

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.close());

/** The plan as the log shows it, without what tells a plan from a deed and without the time of the new version. */
function planIn(log: string): string[] {
  return log
    .split('\n')
    .filter((line) => /^ *version \d/.test(line))
    .map((line) => line.replace('would be removed', 'removed').replace(/\d\d:\d\d:\d\d UTC/, ''))
    .map((line) => line.replace(/ +/g, ' '));
}

describe('a dry run', () => {
  it('shows uploads and deletes and changes nothing, and the real run then does exactly that', async () => {
    const bucket = await world.createBucket();
    await bucket.put('backups/dist/pins/000002.json', '{}');
    await withTree({ 'a.txt': '1', 'sub/big.bin': Buffer.alloc(2048), 'empty/': '' }, async (workspace) => {
      for (let version = 1; version <= 3; version++) await world.backup(bucket, { workspace, inputs: FULL_ONLY });
      await plant(workspace, { 'new.txt': '22', '.env': 'secret' });
      const before = await bucket.versions();

      const inputs = { ...FULL_ONLY, 'keep-last': '1' };
      const plan = await world.backup(bucket, { workspace, inputs: { ...inputs, 'dry-run': 'true' } });
      expect(plan).toMatchObject({ exitCode: 0, annotations: [] });
      expect(await bucket.versions()).toEqual(before);
      const uploads = [...plan.log.matchAll(/would upload +(\d.*B) {2}(.*)$/gm)].map(([, size, path]) => [path, size]);
      expect(uploads).toEqual([
        ['a.txt', '1 B'],
        ['new.txt', '2 B'],
        ['sub/big.bin', '2.0 KiB'],
      ]);
      expect(plan.log).toContain('1 empty directory would be noted in the index');
      expect(plan.log).toContain('Dry run, nothing was changed: version 4 of dist (full) would have 3 files, 2.0 KiB');
      expect(plan.log).not.toContain('Version 4 of dist (full) committed');
      expect(plan.summary).toContain('**Dry run: nothing was changed.**');
      expect(plan.summary).toContain('2 versions would be removed');
      expect(plan.summary).not.toContain('How to get it back');

      const deed = await world.backup(bucket, { workspace, inputs });
      expect(deed.outputs).toMatchObject({ version: plan.outputs.version, files: plan.outputs.files });
      expect(deed.outputs.pruned).toBe(plan.outputs.pruned);
      expect(JSON.parse(deed.outputs.pruned ?? '')).toHaveLength(2);
      expect(planIn(plan.log)).toEqual(planIn(deed.log));
      expect(planIn(deed.log)).toHaveLength(4);
      const stored = await bucket.index(deed.outputs['record-key'] ?? '');
      expect(stored.map(({ path }) => path)).toEqual(['a.txt', 'empty', 'new.txt', 'sub/big.bin']);
      const amount = /Retention: 2 versions would be removed (\(.*\)), 2 kept/.exec(plan.log)?.[1] ?? 'no amount';
      expect(deed.log).toContain(`Retention: 2 versions removed ${amount}, 2 kept`);
    });
  });

  it('tells of a bucket that keeps versions that deletes would only hide', async () => {
    const bucket = await world.createBucket({ versioning: true });
    await withTree({ file: '1' }, async (workspace) => {
      await world.backup(bucket, { workspace });
      const before = await bucket.versions();
      const inputs = { 'keep-last': '1', 'dry-run': 'true' };
      const plan = await world.backup(bucket, { workspace, inputs });
      expect(plan).toMatchObject({ exitCode: 0, annotations: [] });
      expect(plan.outputs['version-id']).toContain('_incremental_');
      expect(plan.log).toContain('Not compared with version 1: what it has would not be sent again');
      expect(plan.log).toMatch(/Retention: 1 version would be removed \(up to \d objects, .*hidden only\), 1 kept/);
      expect(plan.summary).toContain('A dry run does not compare with the version before.');
      expect(plan.summary).toContain('what this prune removes would be hidden by delete markers and still billed');
      expect(await bucket.versions()).toEqual(before);
    });
  });

  it('of an empty series in an empty bucket leaves it empty', async () => {
    const bucket = await world.createBucket();
    await withTree({ file: '1' }, async (workspace) => {
      const { exitCode, outputs } = await world.backup(bucket, { workspace, inputs: { 'dry-run': 'true' } });
      expect({ exitCode, pruned: outputs.pruned }).toEqual({ exitCode: 0, pruned: '[]' });
      expect(await bucket.versions()).toEqual([]);
    });
  });
});
