import { randomBytes } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { untilAt } from '../at-gate.ts';
import { Bucket } from '../bucket.ts';
import { requestNames, requestsTo } from '../request-names.ts';
import { plant, type Tree, withTree } from '../tree.ts';
import { type EmbeddedWorld, REGION, startEmbeddedWorld, withWorkspace } from '../world.ts';

/** Of which no two share a frame, and all together are next to nothing as stored. */
const LONG = 600_000;
const FIRST: Tree = { a: 'a'.repeat(LONG), b: 'b'.repeat(LONG), c: 'c'.repeat(LONG) };
const INPUTS = { layout: 'archive' };

let world: EmbeddedWorld;
/** Of two versions; the second needs one frame of the first's pack. */
let series: Bucket;
/** What the second asked for. */
let requestsOfSecond: readonly string[];
let bucket: Bucket;
let copies = 0;

beforeAll(async () => {
  world = await startEmbeddedWorld();
  series = await world.createBucket();
  await withTree(FIRST, async (workspace) => {
    await requestNames(world, series, () => world.backup(series, { workspace, inputs: INPUTS }));
    await plant(workspace, { a: 'new', c: 'newer' });
    requestsOfSecond = await requestNames(world, series, () => world.backup(series, { workspace, inputs: INPUTS }));
  });
});
beforeEach(() => {
  const name = `${series.name}-${++copies}`;
  world.server.admin.copyBucket(series.name, name);
  bucket = new Bucket(name, { endpoint: world.endpoint, region: REGION, credentials: world.owner });
});
afterEach(() => world.server.faults.clear());
afterAll(() => world.close());

/** What one of the other actions asked of the store. */
const requestsOf = (action: string, inputs: Record<string, string>) =>
  withWorkspace((workspace) => requestNames(world, bucket, () => world.run(action, bucket, { workspace, inputs })));

describe('the requests', () => {
  it('of an incremental version in packs are three for its base, eight, and one for its pack', () => {
    expect(requestsOfSecond).toEqual([
      'GetBucketLifecycleConfiguration 404',
      'GetObject data/000001/index.ndjson.zst', // what the base holds
      'GetObject versions/000001.json', // the base
      'ListObjectsV2 claims/',
      'ListObjectsV2 data/000001/', // whether what it refers to is still there
      'ListObjectsV2 versions/',
      'ListObjectsV2 versions/', // whether the base is still there now that the claim names it
      'PutObject claims/000002.json',
      'PutObject claims/000002.json 412',
      'PutObject data/000002/index.ndjson.zst',
      'PutObject data/000002/packs/0001.tar.zst', // the two files that are new
      'PutObject versions/000002.json',
    ]);
  });

  it('of a restore from packs are three, and one for each pack', async () => {
    expect(await requestsOf('restore', { target: 'out' })).toEqual([
      'GetObject data/000001/packs/0001.tar.zst',
      'GetObject data/000002/index.ndjson.zst',
      'GetObject data/000002/packs/0001.tar.zst',
      'GetObject versions/000002.json',
      'ListObjectsV2 versions/',
    ]);
  });

  it('of a restore of one file from a pack are three, and one for its frame', async () => {
    expect(await requestsOf('restore', { target: 'out', path: 'b' })).toEqual([
      'GetObject data/000001/packs/0001.tar.zst',
      'GetObject data/000002/index.ndjson.zst',
      'GetObject versions/000002.json',
      'ListObjectsV2 versions/',
    ]);
    const [pack] = requestsTo(world, bucket).filter(({ key }) => key.includes('/packs/'));
    const [, from, to] = /^bytes=(\d+)-(\d+)$/.exec(String(pack?.headers.range)) ?? [];
    // The second of three, and the end of the pack.
    expect(Number(from)).toBeGreaterThan(0);
    expect(Number(to) + 1 - Number(from)).toBeLessThan((await bucket.read(pack?.key ?? '')).length / 2);
  });

  it('of a prune that keeps a pack of what goes are two more to know that, and one less, as the claim stays too', async () => {
    expect(await requestsOf('prune', { 'keep-last': '1' })).toEqual([
      'DeleteObjects', // the record
      'DeleteObjects', // the index, not the pack
      'GetBucketVersioning', // whether deletes would only hide
      'GetObject claims/000001.json', // whose data it stands for; it stays as long as there is any
      'GetObject data/000002/index.ndjson.zst', // what the one that stays refers to
      'GetObject versions/000002.json', // whom the one that stays leans on
      'ListMultipartUploads data/', // what killed runs left behind
      'ListObjectsV2 claims/', // as they are once the records are gone
      'ListObjectsV2 data/', // of data without a record
      'ListObjectsV2 data/000001/', // what there is to delete
      'ListObjectsV2 pins/',
      'ListObjectsV2 pins/', // as they are right before the records go
      'ListObjectsV2 versions/',
    ]);
  });

  it('of a pin are five', async () => {
    expect(await requestsOf('pin', { version: '1', reason: 'audit' })).toEqual([
      'GetObject pins/000001.json', // whose it is, of two that pin at once
      'ListObjectsV2 pins/000001.json', // whether it is pinned
      'ListObjectsV2 versions/',
      'ListObjectsV2 versions/000001.json', // whether it was pruned meanwhile
      'PutObject pins/000001.json',
    ]);
  });

  it('of an attempt that goes on with a killed one are three more, and none for packs that are there', async () => {
    const inputs = { ...INPUTS, concurrency: '1', 'pack-size': '1MiB' };
    await withTree({ b: 'b'.repeat(LONG), d: randomBytes(LONG), e: randomBytes(LONG) }, async (workspace) => {
      const gate = world.server.faults.gate({ operation: 'PutObject', key: /index\.ndjson\.zst$/ });
      const step = await world.start(bucket, { workspace, inputs });
      await untilAt(gate.arrived(), step);
      step.kill('SIGKILL');
      await step.done;
      world.server.faults.clear();
      const again = { workspace, inputs, runAttempt: '2' };
      expect(await requestNames(world, bucket, () => world.backup(bucket, again))).toEqual([
        'GetBucketLifecycleConfiguration 404',
        'GetObject claims/000003.json', // whether it is this job's
        'GetObject data/000002/index.ndjson.zst',
        'GetObject versions/000002.json',
        'ListMultipartUploads data/000003/', // parts that are there
        'ListObjectsV2 claims/',
        'ListObjectsV2 data/000001/',
        'ListObjectsV2 data/000002/',
        'ListObjectsV2 data/000003/', // packs that are there
        'ListObjectsV2 versions/',
        'ListObjectsV2 versions/',
        'PutObject claims/000003.2.json', // this attempt's turn
        'PutObject claims/000003.2.json 412',
        'PutObject data/000003/resumed-2/index.ndjson.zst',
        'PutObject versions/000003.json',
      ]);
    });
  });
});
