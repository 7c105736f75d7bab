import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { RequestMatcher } from '../../../dev/s3-server/faults/script.ts';
import type { RequestRecord } from '../../../dev/s3-server/request-log.ts';
import { untilAt } from '../at-gate.ts';
import type { Bucket } from '../bucket.ts';
import { snapshot } from '../compare-trees.ts';
import { complaints } from '../complaints.ts';
import { SERIES } from '../stored.ts';
import { type Tree, withTree } from '../tree.ts';
import { type BackupCall, type EmbeddedWorld, startEmbeddedWorld, withWorkspace } from '../world.ts';

const MIB = 2 ** 20;
const AGAIN = { runAttempt: '2' };
const OLD = new Date('2026-01-01T00:00:00Z');

let world: EmbeddedWorld;
let bucket: Bucket;
beforeAll(async () => {
  world = await startEmbeddedWorld();
});
beforeEach(async () => {
  bucket = await world.createBucket();
});
afterEach(() => world.server.faults.clear());
afterAll(() => world.close());

type Call = Omit<BackupCall, 'workspace'>;

/** A run that is killed when it comes to a request, which never happens. One request at a time: all before has. */
async function killedAt(match: RequestMatcher, workspace: string, { inputs, ...call }: Call = {}) {
  const gate = world.server.faults.gate(match);
  const step = await world.start(bucket, { workspace, inputs: { concurrency: '1', ...inputs }, ...call });
  await untilAt(gate.arrived(), step);
  step.kill('SIGKILL');
  const result = await step.done;
  expect(result).toMatchObject({ exitCode: null, signal: 'SIGKILL' });
  world.server.faults.clear();
  return result;
}

/** The next attempt, which has to succeed; with what it sent of the data, without what all its keys begin with. */
async function attempt(workspace: string, { inputs, ...call }: Call = AGAIN) {
  world.server.requests.clear();
  const step = await world.backup(bucket, { workspace, inputs: { concurrency: '1', ...inputs }, ...call });
  expect({ exitCode: step.exitCode, complaints: complaints(step), log: step.exitCode === 0 || step.log }).toMatchObject(
    {
      exitCode: 0,
      log: true,
    },
  );
  const isData = ({ operation, key }: RequestRecord) =>
    (operation === 'PutObject' || operation === 'UploadPart') && key.includes('/data/');
  const puts = world.server.requests.filter(isData);
  const sent = puts.map(({ operation, key, query }) => {
    const part = new URLSearchParams(query).get('partNumber');
    const name = key.replace(/^.*\/data\/[^/]+\//, '');
    return operation === 'UploadPart' ? `${name} part ${part}` : name;
  });
  return { step, outputs: step.outputs, sent };
}

/** Whole in every byte by what verify says, and equal to the workspace by what restore brings back. */
async function expectWhole(workspace: string): Promise<void> {
  const verified = await world.run('verify', bucket, { workspace, inputs: { version: 'all', level: 'data' } });
  expect({ exitCode: verified.exitCode, log: verified.exitCode === 0 || verified.log }).toEqual({
    exitCode: 0,
    log: true,
  });
  await withWorkspace(async (target) => {
    const restored = await world.run('restore', bucket, { workspace: target, inputs: { target: 'out' } });
    expect(restored.exitCode).toBe(0);
    expect(await snapshot(join(target, 'out'))).toEqual(await snapshot(workspace));
  });
  expect(await bucket.uploads()).toEqual([]);
}

const FILES: Tree = Object.fromEntries(
  Array.from({ length: 12 }, (_, at) => [`f${String(at).padStart(2, '0')}`, `content ${at}`.repeat(50)]),
);

describe('an attempt after one that was killed', () => {
  it('in the middle of many objects sends the others, and what has changed', async () => {
    const inputs = { layout: 'files' };
    await withTree(FILES, async (workspace) => {
      await killedAt({ operation: 'PutObject', key: /files\/f08$/ }, workspace, { inputs });
      await writeFile(join(workspace, 'f03'), 'CONTENT 3'.repeat(50));
      const { step, outputs, sent } = await attempt(workspace, { inputs, ...AGAIN });
      expect(complaints(step)).toEqual([]);
      const rest = ['f03', 'f08', 'f09', 'f10', 'f11'].map((name) => `resumed-2/files/${name}`);
      expect(sent).toEqual([...rest, 'resumed-2/index.ndjson.zst']);
      expect(outputs).toMatchObject({ version: '1', 'resumed-bytes': String(7 * 450), 'uploaded-bytes': '2350' });
      expect(step.log).toContain('3.1 KiB were not sent again');
      expect(step.summary).toContain('which an interrupted attempt had stored');
      const copied = step.summary.matchAll(/aws s3 cp --recursive \S+_000001\/(\S+)/g);
      expect(Array.from(copied, ([, prefix]) => prefix)).toEqual(['files/', 'resumed-2/files/']);
      expect(await bucket.keys(`${SERIES}claims/`)).toEqual([
        `${SERIES}claims/000001.2.json`,
        `${SERIES}claims/000001.json`,
      ]);
      await expectWhole(workspace);
    });
  });

  it('in the middle of a file in parts sends the other parts', async () => {
    const inputs = { 'part-size': '5MiB' };
    await withTree({ 'large.bin': randomBytes(11 * MIB) }, async (workspace) => {
      await killedAt({ operation: 'UploadPart', query: { partNumber: '2' } }, workspace, { inputs });
      const { step, outputs, sent } = await attempt(workspace, { inputs, ...AGAIN });
      expect(complaints(step)).toEqual([]);
      expect(sent).toEqual(['files/large.bin part 2', 'files/large.bin part 3', 'resumed-2/index.ndjson.zst']);
      expect(outputs).toMatchObject({
        version: '1',
        'resumed-bytes': String(5 * MIB),
        'uploaded-bytes': String(6 * MIB),
      });
      await expectWhole(workspace);
    });
  });

  it('after a file in parts does not send it again, unless it has changed', async () => {
    const inputs = { 'part-size': '5MiB', compression: 'off' };
    const tree = { 'changes.bin': randomBytes(6 * MIB), 'stays.bin': randomBytes(6 * MIB) };
    await withTree(tree, async (workspace) => {
      await killedAt({ operation: 'PutObject', key: /index\.ndjson\.zst$/ }, workspace, { inputs });
      await writeFile(join(workspace, 'changes.bin'), randomBytes(6 * MIB));
      const { outputs, sent } = await attempt(workspace, { inputs, ...AGAIN });
      expect(sent).toEqual([
        'resumed-2/files/changes.bin part 1',
        'resumed-2/files/changes.bin part 2',
        'resumed-2/index.ndjson.zst',
      ]);
      expect(outputs).toMatchObject({ version: '1', 'resumed-bytes': String(6 * MIB) });
      await expectWhole(workspace);
    });
  });

  it('in the middle of packs sends the others', async () => {
    const inputs = { layout: 'archive', 'pack-size': '1MiB' };
    const tree = Object.fromEntries(Array.from({ length: 12 }, (_, at) => [`f${at + 10}`, randomBytes(300_000)]));
    await withTree(tree, async (workspace) => {
      for (const name of Object.keys(tree)) await utimes(join(workspace, name), OLD, OLD);
      await killedAt({ operation: 'PutObject', key: /packs\/0003/ }, workspace, { inputs });
      await writeFile(join(workspace, 'f13'), randomBytes(300_000));
      const { outputs, sent } = await attempt(workspace, { inputs, ...AGAIN });
      // Whether the third was stored, a death in the middle of its request leaves open.
      expect(sent.filter((name) => !name.includes('0003'))).toEqual([
        'resumed-2/packs/0002.tar.zst',
        'resumed-2/packs/0004.tar.zst',
        'resumed-2/index.ndjson.zst',
      ]);
      expect(outputs.version).toBe('1');
      expect(Number(outputs['resumed-bytes'])).toBeGreaterThan(900_000);
      const record = await bucket.json(outputs['record-key'] ?? '');
      expect(record.packs).toMatchObject([{ key: expect.stringMatching(/_000001\/packs\/0001/) }, {}, {}, {}]);
      await expectWhole(workspace);
    });
  });

  it('that was itself a later one goes on with what both have stored', async () => {
    const inputs = { layout: 'files' };
    await withTree(FILES, async (workspace) => {
      await killedAt({ operation: 'PutObject', key: /files\/f03$/ }, workspace, { inputs });
      await killedAt({ operation: 'PutObject', key: /files\/f08$/ }, workspace, { inputs, ...AGAIN });
      const { outputs, sent } = await attempt(workspace, { inputs, runAttempt: '3' });
      const rest = ['f08', 'f09', 'f10', 'f11'].map((name) => `resumed-3/files/${name}`);
      expect(sent).toEqual([...rest, 'resumed-3/index.ndjson.zst']);
      expect(outputs.version).toBe('1');
      await expectWhole(workspace);
    });
  });

  it('begins anew with `resume: false`', async () => {
    await withTree(FILES, async (workspace) => {
      await killedAt({ operation: 'PutObject', key: /files\/f08$/ }, workspace, { inputs: { layout: 'files' } });
      const { outputs, sent } = await attempt(workspace, { inputs: { layout: 'files', resume: 'false' }, ...AGAIN });
      expect(sent).toHaveLength(13);
      expect(outputs).toMatchObject({ version: '2', 'resumed-bytes': '0' });
    });
  });

  it.each([
    ['another run', { runId: '99', ...AGAIN }],
    ['another job', { job: 'other', ...AGAIN }],
    ['the same attempt on another runner, as jobs of a matrix are', {}],
    ['another run that asks for other tags', { ...AGAIN, inputs: { tags: 'a=b' } }],
  ])('of %s leaves the claim and what is stored alone', async (_who, call: Call) => {
    const inputs = { layout: 'files' };
    await withTree(FILES, async (workspace) => {
      await killedAt({ operation: 'PutObject', key: /files\/f08$/ }, workspace, { inputs });
      const before = await bucket.objects();
      const { outputs } = await attempt(workspace, { ...call, inputs: { ...inputs, ...call.inputs } });
      expect(outputs).toMatchObject({ version: '2', 'resumed-bytes': '0' });
      expect(await bucket.objects()).toEqual(expect.arrayContaining(before));
      expect(await bucket.keys(`${SERIES}claims/`)).toHaveLength(2);
    });
  });

  it('in the same job, as a step that is repeated, goes on as well', async () => {
    const inputs = { layout: 'files' };
    const temp = await mkdtemp(join(tmpdir(), 'runner-temp-'));
    await withTree(FILES, async (workspace) => {
      await killedAt({ operation: 'PutObject', key: /files\/f08$/ }, workspace, { inputs, temp });
      const { outputs, sent } = await attempt(workspace, { inputs, temp });
      expect(sent).toHaveLength(5);
      expect(outputs.version).toBe('1');
      expect((await attempt(workspace, { inputs, temp })).outputs.version).toBe('2');
    });
    await rm(temp, { recursive: true });
  });

  it('lets one that is alive after all have the version, and makes the next', async () => {
    const inputs = { layout: 'files' };
    await withTree(FILES, async (workspace) => {
      const gate = world.server.faults.gate({ operation: 'PutObject', key: /_000001\/files\/f11$/ });
      const step = await world.start(bucket, { workspace, inputs: { concurrency: '1', ...inputs } });
      await untilAt(gate.arrived(), step);
      const later = world.server.faults.gate({ operation: 'PutObject', key: /resumed-2\/index/ });
      const again = await world.start(bucket, { workspace, inputs, ...AGAIN });
      await untilAt(later.arrived(), again);
      gate.release();
      expect(await step.done).toMatchObject({ exitCode: 0, outputs: { version: '1' } });
      later.release();
      expect(await again.done).toMatchObject({ exitCode: 0, outputs: { version: '2', 'resumed-bytes': '0' } });
      await expectWhole(workspace);
    });
  });

  it('sends parts again, with a warning, where its role may not see them', async () => {
    const inputs = { 'part-size': '5MiB' };
    await withTree({ 'large.bin': randomBytes(6 * MIB) }, async (workspace) => {
      await killedAt({ operation: 'UploadPart', query: { partNumber: '2' } }, workspace, { inputs });
      const denied = { type: 'error', status: 403, code: 'AccessDenied' } as const;
      world.server.faults.add({ match: { operation: 'ListMultipartUploads' }, action: denied });
      const { step, outputs, sent } = await attempt(workspace, { inputs, ...AGAIN });
      expect(sent).toHaveLength(3);
      expect(outputs).toMatchObject({ version: '1', 'resumed-bytes': '0' });
      expect(complaints(step)).toMatchObject([{ message: expect.stringContaining('are sent again') }]);
    });
  });
});

describe('the post phase', () => {
  const parts = { operation: 'UploadPart', query: { partNumber: '2' } };
  const inputs = { 'part-size': '5MiB' };
  const LARGE = { 'large.bin': randomBytes(6 * MIB) };

  it('keeps what a killed step has stored for the next attempt, and asks nothing of the store', async () => {
    await withTree(LARGE, async (workspace) => {
      const { state } = await killedAt(parts, workspace, { inputs });
      world.server.requests.clear();
      const post = await world.post(bucket, { workspace, inputs, state });
      expect(post).toMatchObject({ exitCode: 0, annotations: [] });
      expect(post.log).toContain('is kept for its next attempt');
      expect(world.server.requests.all).toEqual([]);
      expect(await bucket.uploads()).toHaveLength(1);
    });
  });

  it('ends the uploads of a killed step that nobody goes on with', async () => {
    const alone = { ...inputs, resume: 'false' };
    await withTree(LARGE, async (workspace) => {
      const { state } = await killedAt(parts, workspace, { inputs: alone });
      const call = { workspace, inputs: alone, state };
      const denied = { type: 'error', status: 403, code: 'AccessDenied' } as const;
      world.server.faults.add({ match: { operation: 'ListMultipartUploads' }, action: denied });
      expect(await world.post(bucket, call)).toMatchObject({ exitCode: 0, annotations: [{ level: 'warning' }] });
      expect(await bucket.uploads()).toHaveLength(1);
      expect(await world.post(bucket, call)).toMatchObject({ exitCode: 0, annotations: [] });
      expect(await bucket.uploads()).toEqual([]);
      expect(await bucket.keys(`${SERIES}claims/`)).toHaveLength(1);
    });
  });

  it('says that the version is there where its step was killed at the prune, which the next one carries on', async () => {
    await withTree({ a: 'a' }, async (workspace) => {
      const pruning = { inputs: { 'keep-last': '1', 'max-delete': '100%' } };
      await attempt(workspace, {});
      const { state } = await killedAt({ operation: 'DeleteObjects' }, workspace, pruning);
      world.server.requests.clear();
      const post = await world.post(bucket, { workspace, state });
      expect(post).toMatchObject({ exitCode: 0, annotations: [] });
      expect(post.log).toMatch(/^The step was killed after it had committed dist_\w+_000002: the version is whole/);
      expect(world.server.requests.all).toEqual([]);
      const { outputs } = await attempt(workspace, pruning);
      expect(JSON.parse(outputs.pruned ?? '')).toHaveLength(2);
      expect(await bucket.keys(`${SERIES}versions/`)).toEqual([expect.stringContaining('_000003.json')]);
    });
  });

  it('does nothing after a step that came to its end', async () => {
    await withTree({ a: 'a' }, async (workspace) => {
      const { step } = await attempt(workspace);
      world.server.requests.clear();
      const post = await world.post(bucket, { workspace, state: step.state });
      expect(post).toMatchObject({ exitCode: 0, log: '' });
      expect(world.server.requests.all).toEqual([]);
    });
  });
});
