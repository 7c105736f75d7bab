import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { StepResult } from '../../../dev/runner/index.ts';
import type { Bucket } from '../bucket.ts';
import { complaints } from '../complaints.ts';
import { plant, withTree } from '../tree.ts';
import { startWorld, type World } from '../world.ts';

const PIN_KEY = 'backups/dist/pins/000001.json';

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.close());

function expectGood(result: StepResult): void {
  expect({ exitCode: result.exitCode, complaints: complaints(result) }).toEqual({ exitCode: 0, complaints: [] });
}

async function withTwoVersions(work: (bucket: Bucket, workspace: string, ids: string[]) => Promise<void>) {
  const bucket = await world.createBucket();
  await withTree({}, async (workspace) => {
    const ids: string[] = [];
    for (const text of ['1', '2']) {
      await plant(workspace, { file: text });
      const { outputs } = await world.backup(bucket, { workspace });
      ids.push(outputs['version-id'] ?? '');
    }
    await work(bucket, workspace, ids);
  });
}

describe('a pin', () => {
  it('says who, when and why, is shown, holds against the policy, and the first one stays', async () => {
    await withTwoVersions(async (bucket, workspace, ids) => {
      const pin = (reason: string) => world.run('pin', bucket, { workspace, inputs: { version: '1', reason } });
      const first = await pin('audit 2026 | *all*');
      expectGood(first);
      expect(first.outputs).toMatchObject({ version: '1', 'version-id': ids[0], changed: 'true' });
      expect(await bucket.json(PIN_KEY)).toMatchObject({
        format: 1,
        id: ids[0],
        number: 1,
        reason: 'audit 2026 | *all*',
        run: { actor: 'octocat' },
      });
      expect(first.summary).toContain('audit 2026 &#124; &#42;all&#42;');

      const second = await pin('another reason');
      expectGood(second);
      expect(second.outputs).toMatchObject({ changed: 'false', pin: first.outputs.pin });
      expect(second.log).toContain('was pinned before and stays so: pinned by octocat on ');

      const listed = await world.run('list', bucket, { workspace });
      const [, pinned] = JSON.parse(listed.outputs.versions ?? '');
      expect(pinned).toMatchObject({ number: 1, pinned: true, pin: { by: 'octocat', reason: 'audit 2026 | *all*' } });
      expect(listed.log).toMatch(/version 1 .* pinned by octocat on .* UTC: audit 2026 \| \*all\*$/m);

      const pruned = await world.run('prune', bucket, { workspace, inputs: { 'keep-last': '1' } });
      expect(pruned.outputs).toMatchObject({ pruned: '[]', kept: JSON.stringify([ids[1], ids[0]]) });
    });
  });

  it('can be taken away, and then the policy has its way', async () => {
    await withTwoVersions(async (bucket, workspace, ids) => {
      const unpin = () => world.run('pin', bucket, { workspace, inputs: { version: '1', state: 'unpinned' } });
      await world.run('pin', bucket, { workspace, inputs: { version: ids[0] ?? '', reason: 'audit' } });
      const taken = await unpin();
      expectGood(taken);
      expect(taken.outputs).toMatchObject({ changed: 'true', pin: expect.stringContaining('"reason":"audit"') });
      expect(await bucket.keys('backups/dist/pins/')).toEqual([]);
      expect((await unpin()).outputs).toMatchObject({ changed: 'false', pin: '' });
      const pruned = await world.run('prune', bucket, { workspace, inputs: { 'keep-last': '1' } });
      expect(pruned.outputs.pruned).toBe(JSON.stringify([ids[0]]));
    });
  });

  it('of nobody known is as good: it is found and can be taken away', async () => {
    await withTwoVersions(async (bucket, workspace) => {
      await bucket.put(PIN_KEY, 'by hand');
      const again = await world.run('pin', bucket, { workspace, inputs: { version: '1' } });
      expect(again.outputs).toMatchObject({ changed: 'false', pin: '' });
      const taken = await world.run('pin', bucket, { workspace, inputs: { version: '1', state: 'unpinned' } });
      expect(taken.outputs).toMatchObject({ changed: 'true', pin: '' });
      expect(await bucket.keys('backups/dist/pins/')).toEqual([]);
    });
  });

  it('needs a version that is there', async () => {
    await withTwoVersions(async (bucket, workspace) => {
      const { exitCode, annotations } = await world.run('pin', bucket, { workspace, inputs: { version: '3' } });
      expect(exitCode).toBe(1);
      expect(annotations[0]?.message).toContain('The version "3" was not found');
      expect(await bucket.keys('backups/dist/pins/')).toEqual([]);
    });
  });
});
