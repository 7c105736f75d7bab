import { randomBytes } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { FaultScript } from '../../../dev/s3-server/faults/script.ts';
import type { Bucket } from '../bucket.ts';
import { snapshot } from '../compare-trees.ts';
import { type Tree, withTree } from '../tree.ts';
import { type EmbeddedWorld, startEmbeddedWorld, withWorkspace } from '../world.ts';

const MIB = 2 ** 20;
const TIMEOUT_MS = 120_000;

/** A version, and what it was made of. */
interface Stored {
  readonly bucket: Bucket;
  readonly expected: Awaited<ReturnType<typeof snapshot>>;
}

let world: EmbeddedWorld;
/** Every file is an object as it is. */
let loose: Stored;
/** Small files are in a pack, and the log is an object that is compressed. */
let packed: Stored;
beforeAll(async () => {
  world = await startEmbeddedWorld();
  const small = (count: number) =>
    Object.fromEntries(Array.from({ length: count }, (_, index) => [`small/${index}`, randomBytes(1000 + index)]));
  loose = await store({ ...small(20), 'large.bin': randomBytes(19 * MIB), 'whole.bin': randomBytes(3 * MIB) });
  // Random digits come to half of their size.
  const log = randomBytes(2 * MIB).toString('hex');
  packed = await store({ ...small(120), 'medium.bin': randomBytes(MIB - 1), 'build.log': log });
}, TIMEOUT_MS);
afterEach(() => world.server.faults.clear());
afterAll(() => world.close());

async function store(tree: Tree): Promise<Stored> {
  const bucket = await world.createBucket();
  return withTree(tree, async (source) => {
    expect(await world.backup(bucket, { workspace: source })).toMatchObject({ exitCode: 0 });
    return { bucket, expected: await snapshot(source) };
  });
}

const LARGE = { operation: 'GetObject', key: /large\.bin$/ };
const WHOLE = { operation: 'GetObject', key: /whole\.bin$/ };
const SMALL = { operation: 'GetObject', key: /small\/7$/ };
const PACK = { operation: 'GetObject', key: /packs\/0001\.tar\.zst$/ };
const COMPRESSED = { operation: 'GetObject', key: /build\.log\.zst$/ };
const INDEX = { operation: 'GetObject', key: /index\.ndjson\.zst$/ };
const RECORD = { operation: 'GetObject', key: /versions\/.*\.json$/ };

/** Restores with these faults, each of which has to have come up. */
async function restoreWith({ bucket }: Stored, ...faults: FaultScript[]) {
  world.server.requests.clear();
  for (const fault of faults) world.server.faults.add(fault);
  return withWorkspace(async (workspace) => {
    const result = await world.run('restore', bucket, { workspace, inputs: { target: 't' } });
    for (const { name, fired } of world.server.faults.report())
      expect({ name, fired: fired > 0 }).toEqual({ name, fired: true });
    const target = `${workspace}/t`;
    const names = (await readdir(workspace)).includes('t') ? await readdir(target, { recursive: true }) : [];
    return { result, names, found: names.length > 0 ? await snapshot(target) : {} };
  });
}

const rangesOf = (key: RegExp) =>
  world.server.requests
    .filter((request) => request.operation === 'GetObject' && key.test(request.key))
    .map(({ headers }) => headers.range);

describe('what goes wrong on the way', () => {
  it('a connection that breaks in the middle: it goes on from the last good byte', async () => {
    const { result, found } = await restoreWith(
      loose,
      { match: WHOLE, action: { type: 'cutAnswer', afterBytes: MIB } },
      { match: LARGE, action: { type: 'cutAnswer', afterBytes: 2 * MIB } },
    );
    expect(result).toMatchObject({ exitCode: 0, annotations: [] });
    expect(found).toEqual(loose.expected);
    const [whole, rest] = rangesOf(/whole\.bin$/);
    expect(whole).toBeUndefined();
    // Some of the last bytes before the cut may be lost with the connection, but what had come is not asked for again.
    const [, start] = /^bytes=(\d+)-3145727$/.exec(rest ?? '') ?? [];
    expect(Number(start)).toBeGreaterThan(0);
    expect(Number(start)).toBeLessThanOrEqual(MIB);
    expect(rangesOf(/large\.bin$/)).toHaveLength(4);
  });

  const versionOf = ({ match }: FaultScript) => (match === PACK || match === COMPRESSED ? packed : loose);

  const transient: readonly [string, FaultScript][] = [
    ['several breaks in a row', { match: WHOLE, times: 4, action: { type: 'cutAnswer', afterBytes: 1000 } }],
    ['a connection that breaks at once', { match: SMALL, times: 2, action: { type: 'reset' } }],
    ['a record that breaks off', { match: RECORD, action: { type: 'cutAnswer', afterBytes: 10 } }],
    ['an index that breaks off', { match: INDEX, action: { type: 'cutAnswer', afterBytes: 10 } }],
    ['503 SlowDown', { match: SMALL, times: 3, action: { type: 'error', status: 503, code: 'SlowDown' } }],
    ['500 InternalError', { match: LARGE, times: 2, action: { type: 'error', status: 500, code: 'InternalError' } }],
    ['credentials that expire', { match: LARGE, action: { type: 'error', status: 400, code: 'ExpiredToken' } }],
    ['wrong bytes, once', { match: SMALL, action: { type: 'corrupt', atByte: 500 } }],
    ['wrong bytes in a range, once', { match: LARGE, action: { type: 'corrupt', atByte: 5 } }],
    ['a short answer, once', { match: SMALL, action: { type: 'truncate', afterBytes: 10 } }],
    ['a short range, once', { match: LARGE, action: { type: 'truncate', afterBytes: 10 } }],
    ['a length that is too long', { match: SMALL, action: { type: 'wrongLength', byBytes: 100 } }],
    ['a pack that breaks off', { match: PACK, action: { type: 'cutAnswer', afterBytes: MIB / 2 } }],
    ['wrong bytes in a pack, once', { match: PACK, action: { type: 'corrupt', atByte: MIB / 2 } }],
    ['a compressed file that breaks off', { match: COMPRESSED, action: { type: 'cutAnswer', afterBytes: MIB } }],
    ['wrong bytes in a compressed file, once', { match: COMPRESSED, action: { type: 'corrupt', atByte: MIB } }],
    ['a length that is too short', { match: SMALL, action: { type: 'wrongLength', byBytes: -100 } }],
  ];
  it.each(transient)('%s: everything is there in the end', async (_, fault) => {
    const version = versionOf(fault);
    const { result, found } = await restoreWith(version, fault);
    expect(result).toMatchObject({ exitCode: 0, annotations: [] });
    expect(found).toEqual(version.expected);
  });

  const always = Number.POSITIVE_INFINITY;
  const permanent: readonly [string, RegExp, FaultScript][] = [
    ['wrong bytes', /small\/7" is not what its entry says/, { match: SMALL, action: { type: 'corrupt', atByte: 5 } }],
    ['wrong bytes in a range', /large\.bin" is not what/, { match: LARGE, action: { type: 'corrupt', atByte: 5 } }],
    ['short answers', /small\/7" is not what/, { match: SMALL, action: { type: 'truncate', afterBytes: 1 } }],
    [
      'wrong bytes in the index',
      /is not the one its record/,
      { match: INDEX, action: { type: 'corrupt', atByte: 30 } },
    ],
    ['a short index', /is not the one its record/, { match: INDEX, action: { type: 'truncate', afterBytes: 30 } }],
    [
      'wrong bytes in the record',
      /versions\/.*(cannot be used|be read)/,
      { match: RECORD, action: { type: 'corrupt', atByte: 0 } },
    ],
    ['wrong bytes in a pack', /0001\.tar\.zst/, { match: PACK, action: { type: 'corrupt', atByte: MIB / 2 } }],
    ['wrong bytes in a compressed file', /build\.log/, { match: COMPRESSED, action: { type: 'corrupt', atByte: MIB } }],
    ['a missing object', /small\/7/, { match: SMALL, action: { type: 'error', status: 404, code: 'NoSuchKey' } }],
    [
      'a denied object',
      /denied.*small\/7/i,
      { match: SMALL, action: { type: 'error', status: 403, code: 'AccessDenied' } },
    ],
  ];
  it.each(permanent)('%s, always: an error that names it, and no wrong file', async (_, message, fault) => {
    const version = versionOf(fault);
    const { result, names, found } = await restoreWith(version, { ...fault, times: always });
    expect(result.exitCode).toBe(1);
    expect(result.annotations.find(({ level }) => level === 'error')?.message).toMatch(message);
    expect(names.filter((name) => name.includes('.restore-') || name.includes('.probe-'))).toEqual([]);
    // Directories apart: their times are set when all is there.
    const files = Object.entries(found).filter(([, { kind }]) => kind === 'file');
    for (const [name, node] of files) expect(version.expected[name]).toEqual(node);
  });
});

describe('the requests of a restore', () => {
  it('are a listing, record, index, one for each small file, and of a large one a HEAD and its ranges', async () => {
    const { result } = await restoreWith(loose);
    const counts = world.server.requests.counts();
    expect(counts).toEqual({
      AssumeRoleWithWebIdentity: 1,
      ListObjectsV2: 1,
      HeadObject: 1,
      GetObject: 2 + 20 + 1 + 3,
    });
    expect(result.outputs.requests).toBe(String(1 + 1 + 26));
  });
});
