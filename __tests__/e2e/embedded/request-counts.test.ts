import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Bucket } from '../bucket.ts';
import { requestNames, requestsTo } from '../request-names.ts';
import { type Tree, withTree } from '../tree.ts';
import { type EmbeddedWorld, FULL_ONLY, startEmbeddedWorld } from '../world.ts';

const MIB = 1024 * 1024;

let world: EmbeddedWorld;
let bucket: Bucket;
beforeAll(async () => {
  world = await startEmbeddedWorld();
});
beforeEach(async () => {
  bucket = await world.createBucket();
});
afterAll(() => world.close());

/** What a run asked of the store. */
async function requestsOf(tree: Tree, asked: Record<string, string> = {}): Promise<string[]> {
  return withTree(tree, async (workspace) => {
    const inputs = { ...FULL_ONLY, ...asked };
    return requestNames(world, bucket, () => world.backup(bucket, { workspace, inputs }));
  });
}

describe('the requests', () => {
  it('of a first version of small files are one for each, and eight', async () => {
    expect(await requestsOf({ a: '1', b: '2', c: '3' })).toEqual([
      'GetBucketLifecycleConfiguration 404', // whether a rule would expire backups: there are none
      'ListObjectsV2 claims/', // numbers that are taken
      'ListObjectsV2 versions/', // the catalogue
      'ListObjectsV2 versions/', // whether the number was free only because a newer version was pruned
      'PutObject claims/000001.json', // this run's number
      'PutObject claims/000001.json 412', // whether the store heeds conditions, which only Amazon is known to
      'PutObject data/000001/files/a',
      'PutObject data/000001/files/b',
      'PutObject data/000001/files/c',
      'PutObject data/000001/index.ndjson.zst',
      'PutObject versions/000001.json', // the commit
    ]);
  });

  it('of a file in three parts are one for each part, and three', async () => {
    expect(await requestsOf({ 'large.bin': randomBytes(11 * MIB) }, { 'part-size': '5MiB' })).toEqual([
      'CompleteMultipartUpload data/000001/files/large.bin',
      'CreateMultipartUpload data/000001/files/large.bin',
      'GetBucketLifecycleConfiguration 404',
      'ListObjectsV2 claims/',
      'ListObjectsV2 versions/',
      'ListObjectsV2 versions/',
      'PutObject claims/000001.json',
      'PutObject claims/000001.json 412',
      'PutObject data/000001/index.ndjson.zst',
      'PutObject versions/000001.json',
      'PutObjectTagging data/000001/files/large.bin', // other stores than Amazon's may drop those it was opened with
      'UploadPart data/000001/files/large.bin',
      'UploadPart data/000001/files/large.bin',
      'UploadPart data/000001/files/large.bin',
    ]);
  });

  it('of a second version that prunes the first are two to compare and nine to prune', async () => {
    await requestsOf({ a: '1' });
    expect(await requestsOf({ a: '1' }, { 'keep-last': '1' })).toEqual([
      'DeleteObjects', // the records that go
      'DeleteObjects', // their data
      'DeleteObjects', // their claims
      'GetBucketLifecycleConfiguration 404',
      'GetObject claims/000001.json', // whose data it stands for
      'GetObject data/000001/index.ndjson.zst', // to compare
      'GetObject versions/000001.json', // to compare
      'ListObjectsV2 claims/',
      'ListObjectsV2 claims/', // as they are once the records are gone
      'ListObjectsV2 data/000001/', // what there is to delete
      'ListObjectsV2 pins/',
      'ListObjectsV2 pins/', // as they are right before the records go
      'ListObjectsV2 versions/',
      'ListObjectsV2 versions/',
      'ListObjectsV2 versions/', // as they are when the version is committed
      'PutObject claims/000002.json',
      'PutObject claims/000002.json 412',
      'PutObject data/000002/files/a',
      'PutObject data/000002/index.ndjson.zst',
      'PutObject versions/000002.json',
    ]);
  });

  it('of an incremental version are three for its base, eight, and those of what is new', async () => {
    await requestsOf({ a: '1', b: '2' });
    expect(await requestsOf({ a: '1', b: '3' }, { incremental: 'auto' })).toEqual([
      'GetBucketLifecycleConfiguration 404',
      'GetObject data/000001/index.ndjson.zst', // read once, to compare too
      'GetObject versions/000001.json', // the base
      'ListObjectsV2 claims/',
      'ListObjectsV2 data/000001/', // whether what it refers to is still there
      'ListObjectsV2 versions/',
      'ListObjectsV2 versions/', // whether the base is still there now that the claim names it
      'PutObject claims/000002.json',
      'PutObject claims/000002.json 412',
      'PutObject data/000002/files/b',
      'PutObject data/000002/index.ndjson.zst',
      'PutObject versions/000002.json',
    ]);
  });

  it('of pruning many versions grow by three for each', async () => {
    for (let version = 1; version <= 2; version++) await requestsOf({ a: '1', b: '2' });
    const requests = await requestsOf({ a: '1', b: '2' }, { 'keep-last': '1', 'max-delete': '100%' });
    const pruning = requests.filter((name) => /^(Delete|GetObject claims|ListObjectsV2 data)/.test(name));
    expect(pruning).toEqual([
      'DeleteObjects', // all records
      'DeleteObjects', // data of version 1
      'DeleteObjects', // of version 2
      'DeleteObjects', // all claims
      'GetObject claims/000001.json',
      'GetObject claims/000002.json',
      'ListObjectsV2 data/000001/',
      'ListObjectsV2 data/000002/',
    ]);
  });

  it('of a dry run only read, whatever it plans', async () => {
    await requestsOf({ a: '1' });
    const dryRun = { 'keep-last': '1', 'dry-run': 'true' };
    expect(await requestsOf({ a: '1', b: '2' }, dryRun)).toEqual([
      'GetBucketVersioning', // whether deletes would only hide
      'GetObject claims/000001.json', // whose it is
      'ListObjectsV2 claims/',
      'ListObjectsV2 claims/', // what killed runs left behind
      'ListObjectsV2 data/000001/', // how much would go
      'ListObjectsV2 pins/',
      'ListObjectsV2 versions/',
    ]);
    expect(requestsTo(world, bucket).map(({ method }) => method)).toEqual(Array.from({ length: 7 }, () => 'GET'));
  });

  it('of a run that finds nothing are none', async () => {
    await withTree({ a: '1' }, async (workspace) => {
      world.server.requests.clear();
      const inputs = { path: 'no/such', 'if-no-files-found': 'warn' };
      expect((await world.backup(bucket, { workspace, inputs })).exitCode).toBe(0);
      expect(world.server.requests.all).toEqual([]);
    });
  });
});

describe('the headers', () => {
  it('carry tags with every object, and never an empty tagging header', async () => {
    const empty = { sha: '', ref: '', workflow: '', eventName: '', runId: '', runAttempt: '' };
    const tree = { a: '', 'large.bin': randomBytes(6 * MIB) };
    await withTree(tree, async (workspace) => {
      world.server.requests.clear();
      const inputs = { 'part-size': '5MiB', tags: 'empty=\nodd= \nkept=x' };
      const { exitCode, outputs } = await world.backup(bucket, { workspace, inputs, ...empty });
      expect(exitCode).toBe(0);
      const creating = world.server.requests.filter(({ operation }) =>
        ['PutObject', 'CreateMultipartUpload'].includes(operation),
      );
      expect(creating.map(({ headers }) => headers['x-amz-tagging'])).toEqual(
        creating.map(() => expect.stringMatching(/^version=[^&]+&repository=octo-org%2Focto-repo&kept=x$/)),
      );
      expect(creating).toHaveLength(6);
      expect(await bucket.tags(outputs['record-key'] ?? '')).toEqual({
        version: outputs['version-id'],
        repository: 'octo-org/octo-repo',
        kept: 'x',
      });
    });
  });
});
