import { randomBytes } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { Bucket } from '../bucket.ts';
import { withTree } from '../tree.ts';
import { type EmbeddedWorld, FULL_ONLY, startEmbeddedWorld } from '../world.ts';

const MIB = 1024 * 1024;
const DAY_MS = 24 * 3_600_000;

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
function byKeys(inputs: Readonly<Record<string, string>> = {}) {
  const { accessKeyId, secretAccessKey } = world.owner;
  return {
    inputs: { 'role-to-assume': '', 'sts-endpoint': '', ...inputs },
    env: { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey },
  };
}

/** A run that is killed in the middle of a large file, when a small one is already stored. */
async function killedRun(bucket: Bucket): Promise<void> {
  await withTree({ 'a-small': 's', 'large.bin': randomBytes(12 * MIB) }, async (workspace) => {
    const gate = world.server.faults.gate({ operation: 'UploadPart', query: { partNumber: '2' } });
    const call = byKeys({ 'part-size': '5MiB', concurrency: '1' });
    const step = await world.start(bucket, { workspace, ...call });
    await Promise.race([gate.arrived(), step.done]);
    step.kill('SIGKILL');
    expect(await step.done).toMatchObject({ exitCode: null, signal: 'SIGKILL' });
    world.server.faults.clear();
  });
}

function backUp(bucket: Bucket, inputs: Record<string, string>) {
  return withTree({ file: 'f' }, (workspace) =>
    world.backup(bucket, { workspace, ...byKeys({ ...FULL_ONLY, ...inputs }) }),
  );
}

const ABANDONED = { objects: 2, claims: 1, uploads: 1 };
const NOTHING = { objects: 0, claims: 0, uploads: 0 };

/** What is there of version number 1. */
async function tracesOfFirst(bucket: Bucket) {
  const keys = await bucket.keys();
  return {
    objects: keys.filter((key) => /data\/dist_full_\w+_000001\/|claims\/000001/.test(key)).length,
    claims: keys.filter((key) => key === 'backups/dist/claims/000001.json').length,
    uploads: (await bucket.uploads()).filter((key) => key.includes('_000001/')).length,
  };
}

describe('what a killed run leaves behind', () => {
  it('is no version, and its number is not taken again', async () => {
    const bucket = await world.createBucket();
    await killedRun(bucket);
    expect(await tracesOfFirst(bucket)).toEqual(ABANDONED);
    expect(await bucket.keys('backups/dist/versions/')).toEqual([]);
    const { outputs } = await backUp(bucket, {});
    expect(outputs).toMatchObject({ version: '2', kept: JSON.stringify([outputs['version-id']]) });
  });

  it('is cleaned up by a prune when it is old by the clock of the store, and not before', async () => {
    const bucket = await world.createBucket();
    await killedRun(bucket);
    aheadMs = 6.9 * DAY_MS;
    const early = await backUp(bucket, { 'keep-last': '5' });
    expect(early).toMatchObject({ exitCode: 0, annotations: [] });
    expect(await tracesOfFirst(bucket)).toEqual(ABANDONED);

    aheadMs = 7.1 * DAY_MS;
    const late = await backUp(bucket, { 'keep-last': '5' });
    expect(late).toMatchObject({ exitCode: 0, annotations: [], outputs: { version: '3', pruned: '[]' } });
    expect(await tracesOfFirst(bucket)).toEqual(NOTHING);
    expect(late.summary).toMatch(/1 version left behind by killed runs, cleaned up[^#]*dist_full_\w+_000001/);
    expect(await bucket.keys('backups/dist/versions/')).toEqual([
      early.outputs['record-key'],
      late.outputs['record-key'],
    ]);
  });

  it('stays for as long as abandoned-after says', async () => {
    const bucket = await world.createBucket();
    await killedRun(bucket);
    aheadMs = 2 * DAY_MS;
    await backUp(bucket, { 'keep-last': '5', 'abandoned-after': '3d' });
    expect(await tracesOfFirst(bucket)).toEqual(ABANDONED);
    await backUp(bucket, { 'keep-last': '5', 'abandoned-after': '36h' });
    expect(await tracesOfFirst(bucket)).toEqual(NOTHING);
  });

  it('stays where nothing may be deleted: without keep-last, and in a dry run', async () => {
    const bucket = await world.createBucket();
    await killedRun(bucket);
    aheadMs = 8 * DAY_MS;
    await backUp(bucket, {});
    await backUp(bucket, { 'keep-last': '5', 'dry-run': 'true' });
    expect(await tracesOfFirst(bucket)).toEqual(ABANDONED);
  });

  it('of a run that is only slow is left alone', async () => {
    const bucket = await world.createBucket();
    await withTree({ 'large.bin': randomBytes(12 * MIB) }, async (workspace) => {
      const gate = world.server.faults.gate({ operation: 'UploadPart' });
      const slow = await world.start(bucket, { workspace, ...byKeys({ 'part-size': '5MiB' }) });
      await Promise.race([gate.arrived(), slow.done]);
      const fast = await backUp(bucket, { 'keep-last': '1' });
      expect(fast.outputs).toMatchObject({ version: '2', pruned: '[]' });
      gate.release();
      expect(await slow.done).toMatchObject({ exitCode: 0, outputs: { version: '1' } });
    });
    expect(await bucket.keys('backups/dist/versions/')).toHaveLength(2);
  });
});
