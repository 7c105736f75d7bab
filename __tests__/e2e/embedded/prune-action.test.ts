import { CreateMultipartUploadCommand } from '@aws-sdk/client-s3';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { Bucket } from '../bucket.ts';
import { withTree } from '../tree.ts';
import { type EmbeddedWorld, FULL_ONLY, startEmbeddedWorld } from '../world.ts';

const DAY_MS = 24 * 3_600_000;
const KILLED = 'dist_full_20261122T010203Z_000003';

let world: EmbeddedWorld;
/** How far the store's clock is ahead of this machine's. */
let aheadMs = 0;
beforeAll(async () => {
  world = await startEmbeddedWorld({ now: () => new Date(Date.now() + aheadMs) });
});
afterEach(() => {
  aheadMs = 0;
  world.server.faults.clear();
});
afterAll(() => world.close());

/** By access keys: tokens of the issuer are out of date when the store's clock has moved on. */
function prune(bucket: Bucket, workspace: string, inputs: Readonly<Record<string, string>> = {}) {
  const { accessKeyId, secretAccessKey } = world.owner;
  return world.run('prune', bucket, {
    workspace,
    inputs: { 'role-to-assume': '', 'sts-endpoint': '', 'keep-last': '1', ...inputs },
    env: { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey },
  });
}

async function withTwoVersions(work: (bucket: Bucket, workspace: string, ids: string[]) => Promise<void>) {
  const bucket = await world.createBucket();
  await withTree({ file: '1' }, async (workspace) => {
    const ids: string[] = [];
    for (const _ of ['first', 'second'])
      ids.push((await world.backup(bucket, { workspace, inputs: FULL_ONLY })).outputs['version-id'] ?? '');
    await work(bucket, workspace, ids);
  });
}

/** What a killed run leaves: a claim, data, and an upload that is still open. */
async function leaveBehind(bucket: Bucket): Promise<void> {
  const claim = await bucket.json('backups/dist/claims/000002.json');
  await bucket.put('backups/dist/claims/000003.json', JSON.stringify({ ...claim, id: KILLED, number: 3 }));
  await bucket.put(`backups/dist/data/${KILLED}/files/a`, 'left');
  const Key = `backups/dist/data/${KILLED}/files/large`;
  await bucket.client.send(new CreateMultipartUploadCommand({ Bucket: bucket.name, Key }));
}

describe('prune', () => {
  it('cleans up after a killed run once that is old by the clock of the store, as its dry run says', async () => {
    await withTwoVersions(async (bucket, workspace, ids) => {
      await leaveBehind(bucket);
      const early = await prune(bucket, workspace, { 'keep-last': '2' });
      expect(early).toMatchObject({ exitCode: 0, outputs: { abandoned: '[]' } });

      aheadMs = 8 * DAY_MS;
      const planned = await prune(bucket, workspace, { 'keep-last': '2', 'dry-run': 'true' });
      expect(planned.log).toMatch(new RegExp(`Upload that was left open, would be ended: \\S+/${KILLED}/files/large`));
      expect(await bucket.uploads()).toHaveLength(1);
      const done = await prune(bucket, workspace, { 'keep-last': '2' });
      const { requests: _, 'duration-ms': __, ...plan } = planned.outputs;
      expect(done.outputs).toMatchObject(plan);
      expect(done.outputs).toMatchObject({
        pruned: '[]',
        kept: JSON.stringify(ids.toReversed()),
        abandoned: JSON.stringify([KILLED]),
        'deleted-objects': '1',
        'deleted-bytes': '4',
      });
      expect(done.log).toContain(`Left behind by a killed run, cleaned up: ${KILLED}`);
      expect(done.log).toMatch(new RegExp(`Upload that was left open, ended: \\S+/${KILLED}/files/large`));
      expect(await bucket.uploads()).toEqual([]);
      // The claim keeps the number until a newer version is there.
      expect((await bucket.keys()).filter((key) => key.includes('000003'))).toEqual([
        'backups/dist/claims/000003.json',
      ]);
    });
  });

  it('fails the step when something cannot be deleted, and says in full what it did', async () => {
    await withTwoVersions(async (bucket, workspace, ids) => {
      for (const operation of ['DeleteObjects', 'DeleteObject']) {
        world.server.faults.add({
          match: { operation, bucket: bucket.name },
          action: { type: 'error', status: 403, code: 'AccessDenied' },
        });
      }
      const { exitCode, outputs, annotations, summary } = await prune(bucket, workspace);
      expect(exitCode).toBe(1);
      expect(outputs).toMatchObject({ pruned: '[]', kept: JSON.stringify(ids.toReversed()) });
      expect(annotations).toMatchObject([{ level: 'error', message: expect.stringContaining('s3:DeleteObject') }]);
      expect(summary).toContain('**The prune failed.**');

      world.server.faults.clear();
      expect(await prune(bucket, workspace)).toMatchObject({
        exitCode: 0,
        outputs: { pruned: JSON.stringify([ids[0]]) },
      });
    });
  });
});
