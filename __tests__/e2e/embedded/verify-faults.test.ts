import { randomBytes } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { FaultScript } from '../../../dev/s3-server/faults/script.ts';
import type { Bucket } from '../bucket.ts';
import { withTree } from '../tree.ts';
import { type EmbeddedWorld, startEmbeddedWorld, withWorkspace } from '../world.ts';

const MIB = 2 ** 20;
const HOUR_MS = 3_600_000;
const ALWAYS = 1_000_000;

let world: EmbeddedWorld;
let bucket: Bucket;
let aheadMs = 0;
beforeAll(async () => {
  world = await startEmbeddedWorld({ now: () => new Date(Date.now() + aheadMs) });
  bucket = await world.createBucket();
  await withTree(
    { small: 'text', 'whole.bin': randomBytes(3 * MIB), 'large.bin': randomBytes(19 * MIB) },
    async (source) => {
      expect(await world.backup(bucket, { workspace: source })).toMatchObject({ exitCode: 0 });
    },
  );
});
afterEach(() => {
  world.server.faults.clear();
  aheadMs = 0;
});
afterAll(() => world.close());

const SMALL = { operation: 'GetObject', key: /small$/ };
const WHOLE = { operation: 'GetObject', key: /whole\.bin$/ };
const LARGE = { operation: 'GetObject', key: /large\.bin$/ };
const INDEX = { operation: 'GetObject', key: /index\.ndjson\.zst$/ };
const RECORD = { operation: 'GetObject', key: /versions\/.*\.json$/ };
const LIST = { operation: 'ListObjectsV2' };
const HEAD = { operation: 'HeadObject' };

function verify(inputs: Readonly<Record<string, string>>, ...faults: FaultScript[]) {
  world.server.requests.clear();
  for (const fault of faults) world.server.faults.add(fault);
  return withWorkspace(async (workspace) => {
    const result = await world.run('verify', bucket, { workspace, inputs });
    for (const { name, fired } of world.server.faults.report())
      expect({ name, fired: fired > 0 }).toEqual({ name, fired: true });
    return result;
  });
}

describe('what goes wrong on the way', () => {
  it.each<[string, string, FaultScript]>([
    [
      'data',
      'a connection that breaks in the middle',
      { match: WHOLE, action: { type: 'cutAnswer', afterBytes: MIB } },
    ],
    ['data', 'other bytes, once', { match: WHOLE, action: { type: 'corrupt', atByte: 12_345 } }],
    ['data', 'other bytes in a range, once', { match: LARGE, action: { type: 'corrupt', atByte: 12_345 } }],
    ['data', 'an answer that breaks off', { match: LARGE, times: 3, action: { type: 'cutAnswer', afterBytes: 1000 } }],
    ['objects', 'other bytes of an index, once', { match: INDEX, action: { type: 'corrupt', atByte: 30 } }],
    ['objects', 'other bytes of a record, once', { match: RECORD, action: { type: 'corrupt', atByte: 30 } }],
    ['objects', 'a record that breaks off', { match: RECORD, action: { type: 'cutAnswer', afterBytes: 10 } }],
    ['objects', 'a listing that breaks off', { match: LIST, times: 2, action: { type: 'reset' } }],
    ['checksums', '503 SlowDown', { match: HEAD, times: 3, action: { type: 'error', status: 503, code: 'SlowDown' } }],
    ['restore', 'other bytes, once', { match: SMALL, action: { type: 'corrupt', atByte: 1 } }],
  ])('is no damage at level %s: %s', async (level, _, fault) => {
    const { exitCode, outputs, annotations } = await verify({ level }, fault);
    expect({ exitCode, ok: outputs.ok }).toEqual({ exitCode: 0, ok: 'true' });
    expect(annotations.map(({ message }) => message)).toEqual([]);
  });

  it.each<[string, string, FaultScript]>([
    ['data', 'content', { match: WHOLE, times: ALWAYS, action: { type: 'corrupt', atByte: 12_345 } }],
    ['data', 'content', { match: LARGE, times: ALWAYS, action: { type: 'corrupt', atByte: 12_345 } }],
    ['restore', 'content', { match: SMALL, times: ALWAYS, action: { type: 'corrupt', atByte: 1 } }],
    ['objects', 'index', { match: INDEX, times: ALWAYS, action: { type: 'corrupt', atByte: 30 } }],
    ['objects', 'record', { match: RECORD, times: ALWAYS, action: { type: 'corrupt', atByte: 30 } }],
  ])('is damage at level %s where it stays so: %s of %j', async (level, kind, fault) => {
    const { exitCode, outputs, log } = await verify({ level }, fault);
    expect({ exitCode, ok: outputs.ok }).toEqual({ exitCode: 1, ok: 'false' });
    expect(JSON.parse(outputs.damaged ?? '')).toEqual([expect.objectContaining({ kind })]);
    expect(log).toContain('code: DAMAGED');
  });

  it.each<[string, FaultScript]>([
    ['data', { match: SMALL, times: ALWAYS, action: { type: 'error', status: 403, code: 'AccessDenied' } }],
    ['checksums', { match: HEAD, times: ALWAYS, action: { type: 'error', status: 403, code: 'AccessDenied' } }],
    ['objects', { match: LIST, times: ALWAYS, action: { type: 'error', status: 403, code: 'AccessDenied' } }],
  ])('is an error of its own, and no damage, at level %s where nothing is known: %j', async (level, fault) => {
    const { exitCode, outputs, log, annotations } = await verify({ level }, fault);
    expect({ exitCode, ok: outputs.ok }).toEqual({ exitCode: 1, ok: undefined });
    expect(log).not.toContain('DAMAGED');
    expect(annotations.some(({ level: severity }) => severity === 'error')).toBe(true);
  });
});

describe('requests', () => {
  const counts = () => {
    const toBucket = world.server.requests.filter((request) => request.bucket === bucket.name);
    const names = Map.groupBy(toBucket, ({ operation }) => operation);
    return Object.fromEntries([...names].map(([name, all]) => [name, all.length]));
  };

  it.each([
    ['objects', { ListObjectsV2: 3, GetObject: 3, GetBucketLifecycleConfiguration: 1 }],
    ['checksums', { ListObjectsV2: 3, GetObject: 3, HeadObject: 3, GetBucketLifecycleConfiguration: 1 }],
    ['data', { ListObjectsV2: 3, GetObject: 8, HeadObject: 1, GetBucketLifecycleConfiguration: 1 }],
    ['restore', { ListObjectsV2: 3, GetObject: 8, HeadObject: 1, GetBucketLifecycleConfiguration: 1 }],
  ])('of level %s are %j', async (level, expected) => {
    const { outputs } = await verify({ level });
    expect(counts()).toEqual(expected);
    const total = Object.values(expected).reduce((sum, count) => sum + count, 0);
    expect(outputs.requests).toBe(String(total));
  });
});

describe('the age of the newest version', () => {
  it('is judged by the clock of the store', async () => {
    aheadMs = 26 * HOUR_MS - 600_000;
    expect(await verify({ 'max-age': '26h' })).toMatchObject({ exitCode: 0, outputs: { ok: 'true' } });
    aheadMs = 26 * HOUR_MS + 1000;
    const { exitCode, outputs, annotations, log } = await verify({ 'max-age': '26h' });
    expect({ exitCode, ok: outputs.ok, damaged: outputs.damaged }).toEqual({ exitCode: 1, ok: 'false', damaged: '[]' });
    expect(annotations[0]?.message).toMatch(
      /^The newest version of dist, number 1 of .*, is 1 d 02 h old, and `max-age` is 26h\.$/,
    );
    expect(log).toContain('code: TOO_OLD');
  });
});
