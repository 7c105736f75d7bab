import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { plant, withTree } from '../tree.ts';
import { ACTION, startWorld, type World } from '../world.ts';

const WHOLE_NUMBER = expect.stringMatching(/^[1-9]\d*$/);

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.close());

async function declaredOutputs(): Promise<string[]> {
  return Object.keys(parse(await readFile(ACTION, 'utf8')).outputs);
}

describe('the outputs', () => {
  it('are all that action.yml declares, and what the bucket holds', async () => {
    const bucket = await world.createBucket();
    await withTree({ a: '1234', 'sub/b': '56', empty: '', 'dir/': '' }, async (workspace) => {
      const inputs = { prefix: 'some/where', name: 'my-series.1' };
      const { outputs } = await world.backup(bucket, { workspace, inputs });
      expect(Object.keys(outputs).sort()).toEqual((await declaredOutputs()).sort());
      const id = outputs['version-id'];
      expect(id).toMatch(/^my-series\.1_full_\d{8}T\d{6}Z_000001$/);
      expect(outputs).toEqual({
        version: '1',
        'version-id': id,
        'record-key': `some/where/my-series.1/versions/${id}.json`,
        uri: `s3://${bucket.name}/some/where/my-series.1/versions/${id}.json`,
        files: '3',
        bytes: '6',
        'uploaded-bytes': '6',
        'resumed-bytes': '0',
        requests: WHOLE_NUMBER,
        'duration-ms': WHOLE_NUMBER,
        pruned: '[]',
        kept: JSON.stringify([id]),
        plan: expect.stringContaining(`"id":"${id}"`),
      });
      expect(await bucket.json(outputs['record-key'] ?? '')).toMatchObject({ id, number: 1 });
    });
  });

  it('of a dry run are those of the version that would be made', async () => {
    const bucket = await world.createBucket();
    await withTree({ a: '1234' }, async (workspace) => {
      const inputs = { 'keep-last': '1' };
      const first = await world.backup(bucket, { workspace, inputs });
      await plant(workspace, { b: '56' });
      const { outputs } = await world.backup(bucket, { workspace, inputs: { ...inputs, 'dry-run': 'true' } });
      expect(Object.keys(outputs).sort()).toEqual((await declaredOutputs()).sort());
      expect(outputs).toMatchObject({
        version: '2',
        'record-key': `backups/dist/versions/${outputs['version-id']}.json`,
        files: '2',
        bytes: '6',
        'uploaded-bytes': '0',
        pruned: JSON.stringify([first.outputs['version-id']]),
        kept: JSON.stringify([outputs['version-id']]),
      });
      expect(await bucket.keys('backups/dist/versions/')).toEqual([first.outputs['record-key']]);
    });
  });

  it('name the series after the repository, and put it at the top of the bucket, where nothing else is said', async () => {
    const bucket = await world.createBucket();
    await withTree({ a: '' }, async (workspace) => {
      const event = { repository: { name: 'octo-repo' } };
      const { outputs } = await world.backup(bucket, { workspace, event, inputs: { prefix: '', name: '' } });
      expect(outputs['record-key']).toMatch(/^octo-repo\/versions\/octo-repo_full_\d{8}T\d{6}Z_000001\.json$/);
      expect(await bucket.keys('octo-repo/')).toHaveLength(4);
    });
  });
});
