import { randomBytes } from 'node:crypto';
import { appendFile, rename, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { StepResult } from '../../../dev/runner/index.ts';
import type { RequestMatcher } from '../../../dev/s3-server/faults/script.ts';
import { count } from '../../faults/ledger.ts';
import type { Bucket } from '../bucket.ts';
import { withTree } from '../tree.ts';
import { type EmbeddedWorld, startEmbeddedWorld } from '../world.ts';

const MIB = 1024 * 1024;
const IN_PARTS = { 'part-size': '5MiB', concurrency: '1' };
/** While this request is held, the file is selected and not yet read. */
const CLAIM: RequestMatcher = { operation: 'PutObject', key: /\/claims\// };
/** While this one is, the file is open and read in part. */
const FIRST_PART: RequestMatcher = { operation: 'UploadPart' };

let world: EmbeddedWorld;
beforeAll(async () => {
  world = await startEmbeddedWorld();
});
afterEach(() => world.server.faults.clear());
afterAll(() => world.close());

/** Backs up a large and a small file, and does something to them while a request is held. */
async function backUpWhile(
  held: RequestMatcher,
  change: (workspace: string) => Promise<void>,
  inputs: Record<string, string>,
): Promise<{ result: StepResult; bucket: Bucket }> {
  const bucket = await world.createBucket();
  return withTree({ 'large.bin': randomBytes(12 * MIB), 'small.txt': 'small' }, async (workspace) => {
    const gate = world.server.faults.gate(held);
    const step = await world.start(bucket, { workspace, inputs: { ...IN_PARTS, ...inputs } });
    await Promise.race([gate.arrived(), step.done]);
    await change(workspace);
    gate.release();
    return { result: await step.done, bucket };
  });
}

async function expectNoVersion(bucket: Bucket): Promise<void> {
  expect(await bucket.keys('backups/dist/versions/')).toEqual([]);
  expect(await bucket.uploads()).toEqual([]);
}

describe('a file that is not what it was', () => {
  const change = (workspace: string) => appendFile(join(workspace, 'large.bin'), 'more');
  const overwrite = (workspace: string) => writeFile(join(workspace, 'large.bin'), randomBytes(12 * MIB));
  const replace = async (workspace: string) => {
    await writeFile(join(workspace, 'other'), randomBytes(12 * MIB));
    await rename(join(workspace, 'other'), join(workspace, 'large.bin'));
  };
  const shorten = (workspace: string) => truncate(join(workspace, 'large.bin'), 6 * MIB);
  const remove = (workspace: string) => rm(join(workspace, 'small.txt'));

  it.each([
    {
      what: 'grows while it is read',
      held: FIRST_PART,
      change,
      file: 'large.bin',
      message: 'changed while it was read',
    },
    {
      what: 'is overwritten while it is read',
      held: FIRST_PART,
      change: overwrite,
      file: 'large.bin',
      message: 'changed',
    },
    { what: 'is replaced while it is read', held: FIRST_PART, change: replace, file: 'large.bin', message: 'changed' },
    { what: 'is cut while it is read', held: FIRST_PART, change: shorten, file: 'large.bin', message: 'changed' },
    { what: 'vanishes before it is read', held: CLAIM, change: remove, file: 'small.txt', message: 'vanished before' },
  ])('fails the step by name if it $what', async ({ what, held, change: alter, file, message }) => {
    const { result, bucket } = await backUpWhile(held, alter, {});
    expect(result).toMatchObject({
      exitCode: 1,
      outputs: {},
      summary: expect.stringMatching(/^### Backup failed\n\n./),
    });
    expect(result.annotations).toEqual([
      { level: 'error', title: '', message: expect.stringMatching(new RegExp(`^The file ".*/${file}" ${message}`)) },
    ]);
    expect(result.log).toContain('set `if-file-changed: warn`');
    await expectNoVersion(bucket);
    count(`a file that ${what}`, 1);
  });

  it('is stored as it was read with warn, and one annotation says so', async () => {
    const { result, bucket } = await backUpWhile(FIRST_PART, shorten, { 'if-file-changed': 'warn' });
    expect(result).toMatchObject({ exitCode: 0, outputs: { version: '1', files: '2' } });
    expect(result.annotations).toEqual([
      { level: 'warning', title: 'File changed', message: expect.stringMatching(/Seen with: large\.bin\.$/) },
    ]);
    expect(result.summary).toContain('**File changed**');
    const [large] = await bucket.index(result.outputs['record-key'] ?? '');
    const stored = await bucket.read(`backups/dist/${large?.key}`);
    expect(stored.byteLength).toBe(6 * MIB);
    expect(large?.size).toBe(stored.byteLength);
    expect(await bucket.uploads()).toEqual([]);
  });

  it('is left out with warn if it vanishes, and one annotation says so', async () => {
    const { result, bucket } = await backUpWhile(CLAIM, remove, { 'if-file-changed': 'warn' });
    expect(result).toMatchObject({ exitCode: 0, outputs: { version: '1', files: '1' } });
    expect(result.annotations).toEqual([
      { level: 'warning', title: 'File vanished', message: expect.stringMatching(/Seen with: small\.txt\.$/) },
    ]);
    const lines = await bucket.index(result.outputs['record-key'] ?? '');
    expect(lines.map(({ path }) => path)).toEqual(['large.bin']);
    expect(await bucket.json(result.outputs['record-key'] ?? '')).toMatchObject({ totals: { files: 1 } });
  });

  it('is no trouble if it changed after it was selected and before it was opened', async () => {
    const grow = (workspace: string) => appendFile(join(workspace, 'small.txt'), ' and more'.repeat(1000));
    const { result, bucket } = await backUpWhile(CLAIM, grow, {});
    expect(result).toMatchObject({ exitCode: 0, annotations: [] });
    const [, small] = await bucket.index(result.outputs['record-key'] ?? '');
    expect((await bucket.read(`backups/dist/${small?.key}`)).toString()).toBe(`small${' and more'.repeat(1000)}`);
    expect(result.outputs.bytes).toBe(String(12 * MIB + (small?.size ?? 0)));
  });
});
