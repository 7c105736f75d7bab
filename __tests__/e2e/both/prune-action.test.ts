import { CreateMultipartUploadCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { StepResult } from '../../../dev/runner/index.ts';
import type { Bucket } from '../bucket.ts';
import { complaints } from '../complaints.ts';
import { plant, withTree } from '../tree.ts';
import { FULL_ONLY, startWorld, type World } from '../world.ts';

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.close());

function expectGood(result: StepResult): void {
  expect({ exitCode: result.exitCode, complaints: complaints(result) }).toEqual({ exitCode: 0, complaints: [] });
}

async function withVersions(
  count: number,
  work: (bucket: Bucket, workspace: string, ids: string[]) => Promise<void>,
  options: { versioning?: boolean } = {},
) {
  const bucket = await world.createBucket(options);
  await withTree({}, async (workspace) => {
    const ids: string[] = [];
    for (let number = 1; number <= count; number++) {
      await plant(workspace, { file: `${number}` });
      const { outputs } = await world.backup(bucket, { workspace });
      ids.push(outputs['version-id'] ?? '');
    }
    await work(bucket, workspace, ids);
  });
}

describe('prune', () => {
  it('does what a dry run says, and takes no number', async () => {
    await withVersions(3, async (bucket, workspace, ids) => {
      const before = await bucket.keys();
      const inputs = { 'keep-last': '1', 'max-delete': '2' };
      const planned = await world.run('prune', bucket, { workspace, inputs: { ...inputs, 'dry-run': 'true' } });
      expectGood(planned);
      expect(await bucket.keys()).toEqual(before);
      expect(planned.log).toMatch(/version 1 .* would be removed +beyond the last 1$/m);
      expect(planned.summary).toContain('nothing was changed');

      const done = await world.run('prune', bucket, { workspace, inputs });
      expectGood(done);
      const { requests: _, 'duration-ms': __, 'deleted-bytes': plannedBytes, ...plan } = planned.outputs;
      const executed = plan.plan?.replaceAll('would be removed', 'removed');
      expect(done.outputs).toMatchObject({ ...plan, plan: executed, pruned: JSON.stringify([ids[1], ids[0]]) });
      expect(Number(done.outputs['deleted-bytes'])).toBe(Number(plannedBytes));
      expect(done.summary).toMatch(/\| 1 \| [^|]+ \| full \| \*\*removed\*\* \| beyond the last 1 \|/);
      expect(await bucket.keys()).toHaveLength(4);
      expect((await bucket.keys()).filter((key) => !key.includes('000003'))).toEqual([]);
    });
  });

  it('erases the versions of objects with prune-noncurrent', async () => {
    await withVersions(
      2,
      async (bucket, workspace, ids) => {
        const hidden = await world.run('prune', bucket, { workspace, inputs: { 'keep-last': '1' } });
        expect(hidden.summary).toContain('hidden by delete markers');
        const { outputs } = await world.backup(bucket, { workspace, inputs: FULL_ONLY });
        const inputs = { 'keep-last': '1', 'prune-noncurrent': 'true' };
        const erased = await world.run('prune', bucket, { workspace, inputs });
        expect(erased.outputs).toMatchObject({
          pruned: JSON.stringify([ids[1]]),
          kept: JSON.stringify([outputs['version-id']]),
        });
        expect((await bucket.versions()).filter(({ key }) => key.includes(ids[1] ?? ''))).toEqual([]);
      },
      { versioning: true },
    );
  });

  it('leaves what a killed run left behind until it is old enough', async () => {
    await withVersions(1, async (bucket, workspace) => {
      const id = 'dist_full_20261122T010203Z_000002';
      const claim = await bucket.json('backups/dist/claims/000001.json');
      await bucket.put('backups/dist/claims/000002.json', JSON.stringify({ ...claim, id, number: 2 }));
      await bucket.put(`backups/dist/data/${id}/files/a`, 'x');
      const Key = `backups/dist/data/${id}/files/large`;
      await bucket.client.send(new CreateMultipartUploadCommand({ Bucket: bucket.name, Key }));
      const { outputs } = await world.run('prune', bucket, { workspace, inputs: { 'keep-last': '1' } });
      expect(outputs).toMatchObject({ pruned: '[]', abandoned: '[]', 'deleted-objects': '0' });
      expect(await bucket.keys(`backups/dist/data/${id}/`)).toHaveLength(1);
      expect(await bucket.uploads()).toEqual([Key]);
    });
  });

  it('refuses to work without a rule, before it asks the store for anything', async () => {
    const bucket = await world.createBucket();
    await withTree({}, async (workspace) => {
      const { exitCode, annotations } = await world.run('prune', bucket, { workspace });
      expect(exitCode).toBe(1);
      expect(annotations[0]?.message).toMatch(
        /^The input `keep-last` is empty, but a prune without any rule keeps everything: /,
      );
    });
  });
});
