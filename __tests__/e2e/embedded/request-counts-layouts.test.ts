import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Bucket } from '../bucket.ts';
import { requestNames } from '../request-names.ts';
import { type Tree, withTree } from '../tree.ts';
import { type EmbeddedWorld, startEmbeddedWorld, withWorkspace } from '../world.ts';

const MIB = 1024 * 1024;
/** More than the hundred from which on small files go into packs. */
const MANY: Tree = Object.fromEntries(Array.from({ length: 120 }, (_, at) => [`file ${at}`, `content ${at}`]));
/** What a first version asks for beside its data, whatever that is. */
const BESIDE_DATA = [
  'GetBucketLifecycleConfiguration 404',
  'ListObjectsV2 claims/',
  'ListObjectsV2 versions/',
  'ListObjectsV2 versions/',
  'PutObject claims/000001.json',
  'PutObject claims/000001.json 412',
  'PutObject data/000001/index.ndjson.zst',
  'PutObject versions/000001.json',
];

let world: EmbeddedWorld;
let bucket: Bucket;
beforeAll(async () => {
  world = await startEmbeddedWorld();
});
beforeEach(async () => {
  bucket = await world.createBucket();
});
afterAll(() => world.close());

/** What a first version of these files asked of the store. */
const requestsOf = (tree: Tree, inputs: Record<string, string> = {}) =>
  withTree(tree, (workspace) => requestNames(world, bucket, () => world.backup(bucket, { workspace, inputs })));

/** What a restore asked of it. */
const requestsOfRestore = (inputs: Record<string, string> = {}) =>
  withWorkspace((workspace) =>
    requestNames(world, bucket, () =>
      world.run('restore', bucket, { workspace, inputs: { target: 'out', ...inputs } }),
    ),
  );

/** Those, and `data`. */
const withData = (...data: string[]) => [...BESIDE_DATA, ...data].sort();

/** What an object takes that goes in three parts. */
const inThreeParts = (key: string) => [
  `CreateMultipartUpload ${key}`,
  ...Array.from({ length: 3 }, () => `UploadPart ${key}`),
  `CompleteMultipartUpload ${key}`,
  `PutObjectTagging ${key}`, // other stores than Amazon's may drop those it was opened with
];

describe('the requests of a first version', () => {
  it('of many small files are one for their pack, and eight', async () => {
    expect(await requestsOf(MANY)).toEqual(withData('PutObject data/000001/packs/0001.tar.zst'));
  });

  it('in several packs are one for each', async () => {
    const tree = { a: randomBytes(0.6 * MIB), b: randomBytes(0.6 * MIB), c: randomBytes(0.6 * MIB) };
    expect(await requestsOf(tree, { layout: 'archive', 'pack-size': '1MiB' })).toEqual(
      withData(
        'PutObject data/000001/packs/0001.tar.zst',
        'PutObject data/000001/packs/0002.tar.zst',
        'PutObject data/000001/packs/0003.tar.zst',
      ),
    );
  });

  it('in a pack of three parts, which little memory makes smaller, are one for each part, and three', async () => {
    const tree = { a: randomBytes(6 * MIB), b: randomBytes(5 * MIB) };
    expect(await requestsOf(tree, { layout: 'archive', 'part-size': '5MiB', 'max-memory': '32MiB' })).toEqual(
      withData(...inThreeParts('data/000001/packs/0001.tar.zst')),
    );
  });

  it('of a large file that is compressed into one part are one, beside the eight', async () => {
    expect(await requestsOf({ 'app.log': 'line\n'.repeat(2 * MIB) })).toEqual(
      withData('PutObject data/000001/files/app.log.zst'),
    );
  });

  it('of a large file that is compressed into three parts are one for each part, and three', async () => {
    const halved = randomBytes(11.5 * MIB).toString('hex');
    expect(await requestsOf({ 'app.log': halved }, { 'part-size': '5MiB' })).toEqual(
      withData(...inThreeParts('data/000001/files/app.log.zst')),
    );
  });

  it('of the output of a command are one, beside the eight', async () => {
    expect(await requestsOf({}, { path: '', command: 'echo short', 'stdin-name': 'dump' })).toEqual(
      withData('PutObject data/000001/files/dump'),
    );
  });

  it('of an output of three parts are one for each part, and three', async () => {
    const command = `head -c ${11 * MIB} /dev/urandom`;
    expect(await requestsOf({}, { path: '', command, 'stdin-name': 'dump', 'part-size': '5MiB' })).toEqual(
      withData(...inThreeParts('data/000001/files/dump')),
    );
  });
});

describe('the requests of a restore of files that are objects of their own', () => {
  it('are three, one for each file, and one for each range of a large one and for its size', async () => {
    await requestsOf({ a: '1', b: '2', 'large.bin': randomBytes(9 * MIB), link: { linkTo: 'a' } }, { layout: 'files' });
    expect(await requestsOfRestore()).toEqual([
      'GetObject data/000001/files/a',
      'GetObject data/000001/files/b',
      'GetObject data/000001/files/large.bin', // the first 8 MiB
      'GetObject data/000001/files/large.bin', // the rest
      'GetObject data/000001/index.ndjson.zst',
      'GetObject versions/000001.json',
      'HeadObject data/000001/files/large.bin', // how long it is, and the ETag that both ranges have to have
      'ListObjectsV2 versions/',
    ]);
    expect(await requestsOfRestore({ path: 'b' })).toEqual([
      'GetObject data/000001/files/b',
      'GetObject data/000001/index.ndjson.zst',
      'GetObject versions/000001.json',
      'ListObjectsV2 versions/',
    ]);
  });
});
