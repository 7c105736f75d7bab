import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { Bucket } from '../bucket.ts';
import { withTree } from '../tree.ts';
import { type EmbeddedWorld, FULL_ONLY, startEmbeddedWorld } from '../world.ts';

const KEEP_ONE = { ...FULL_ONLY, 'keep-last': '1', 'max-delete': '100%' };

let world: EmbeddedWorld;
beforeAll(async () => {
  world = await startEmbeddedWorld();
});
afterEach(() => world.server.faults.clear());
afterAll(() => world.close());

/** A first version, then a second one whose prune removes the first. */
async function pruneFirst(
  { backup }: EmbeddedWorld,
  bucket: Bucket,
  setUp: (firstId: string) => void,
): Promise<{ first: string; result: Awaited<ReturnType<EmbeddedWorld['backup']>> }> {
  return withTree({ 'file-1': '1', 'file-2': '2' }, async (workspace) => {
    const { outputs } = await backup(bucket, { workspace, inputs: FULL_ONLY });
    const first = outputs['version-id'] ?? '';
    setUp(first);
    return { first, result: await backup(bucket, { workspace, inputs: KEEP_ONE }) };
  });
}

const deletesOf = (bucket: Bucket) =>
  world.server.requests
    .filter(({ operation, bucket: name }) => operation.startsWith('Delete') && name === bucket.name)
    .map(({ operation }) => operation);

describe('a delete that fails', () => {
  it('for some keys for a moment is repeated for these keys', async () => {
    const bucket = await world.createBucket();
    const { first, result } = await pruneFirst(world, bucket, () =>
      world.server.faults.add({
        match: { operation: 'DeleteObjects', bucket: bucket.name },
        times: 2,
        action: { type: 'keyErrors', keys: /versions|file-1/, code: 'InternalError' },
      }),
    );
    expect(result).toMatchObject({ exitCode: 0, annotations: [], outputs: { pruned: JSON.stringify([first]) } });
    expect(world.server.faults.report()).toMatchObject([{ fired: 2, remaining: 0 }]);
    expect((await bucket.keys()).filter((key) => key.includes(first))).toEqual([]);
    // The record twice and once more; then data and claim.
    expect(deletesOf(bucket)).toEqual(Array.from({ length: 5 }, () => 'DeleteObjects'));
  });

  it('for good leaves a good backup, a failed prune and one warning; the next prune tries again', async () => {
    const bucket = await world.createBucket();
    const { first, result } = await pruneFirst(world, bucket, () => {
      world.server.faults.add({
        match: { operation: 'DeleteObjects', bucket: bucket.name },
        action: { type: 'keyErrors', keys: /versions/, code: 'AccessDenied', message: 'Access Denied' },
      });
      // Tried one by one where a store denies a batch, as some deny batches alone.
      world.server.faults.add({
        match: { operation: 'DeleteObject', bucket: bucket.name },
        action: { type: 'error', status: 403, code: 'AccessDenied' },
      });
    });
    const id = result.outputs['version-id'] ?? '';
    expect(result).toMatchObject({ exitCode: 0, conclusion: 'success' });
    expect(result.outputs).toMatchObject({ version: '2', pruned: 'failed', kept: JSON.stringify([id, first]) });
    expect(result.annotations).toEqual([
      {
        level: 'warning',
        title: 'Prune failed',
        message: expect.stringMatching(/^The backup is complete, but the prune.*versions\/dist_full.*AccessDenied/),
      },
    ]);
    expect(result.summary).toContain('**Removing old versions failed; this version is complete.**');
    expect(result.log).toMatch(/Retention failed: One object could not be deleted .*AccessDenied/);
    // A version whose record stays keeps its data: it is as good as it was.
    expect((await bucket.keys()).filter((key) => key.includes(first))).toHaveLength(4);
    expect(await bucket.index(`backups/dist/versions/${first}.json`)).toHaveLength(2);

    await withTree({ file: '3' }, async (workspace) => {
      const { outputs } = await world.backup(bucket, { workspace, inputs: KEEP_ONE });
      expect(JSON.parse(outputs.pruned ?? '')).toEqual([id, first]);
    });
    expect((await bucket.keys()).filter((key) => key.includes(first))).toEqual([]);
  });

  it('as a whole, while the data is deleted, is a warning too', async () => {
    const bucket = await world.createBucket();
    const { first, result } = await pruneFirst(world, bucket, () =>
      world.server.faults.add({
        match: { operation: 'DeleteObjects', bucket: bucket.name, request: 2 },
        action: { type: 'error', status: 403, code: 'AccessDenied' },
      }),
    );
    expect(result).toMatchObject({ exitCode: 0, outputs: { version: '2', pruned: 'failed' } });
    expect(result.annotations).toMatchObject([{ level: 'warning', title: 'Prune failed' }]);
    expect(result.annotations[0]?.message).toContain('s3:DeleteObject');
    // No half version is visible: the record went first.
    expect(await bucket.keys('backups/dist/versions/')).toEqual([result.outputs['record-key']]);
    expect((await bucket.keys(`backups/dist/data/${first}/`)).length).toBe(3);
    expect(await bucket.keys('backups/dist/claims/')).toHaveLength(2);
  });
});

describe('a store without batched deletes', () => {
  it('gets single ones, with one warning', async () => {
    const store = await startEmbeddedWorld({ personality: { bulkDelete: 'missingContentMd5' } });
    try {
      const bucket = await store.createBucket();
      const { first, result } = await pruneFirst(store, bucket, () => store.server.requests.clear());
      expect(result).toMatchObject({ exitCode: 0, outputs: { pruned: JSON.stringify([first]) } });
      expect(result.annotations).toEqual([
        { level: 'warning', title: 'Store without batch delete', message: expect.stringContaining('one by one') },
      ]);
      expect((await bucket.keys()).filter((key) => key.includes(first))).toEqual([]);
      // One refused batch; then record, two files, index and claim.
      expect(store.server.requests.counts()).toMatchObject({ DeleteObjects: 1, DeleteObject: 5 });
    } finally {
      await store.close();
    }
  });
});
