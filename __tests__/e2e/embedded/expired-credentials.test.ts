import { randomBytes } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import type { ServerOptions } from '../../../dev/s3-server/options.ts';
import { untilAt } from '../at-gate.ts';
import { expectNoVersion, expectRestorable } from '../stored.ts';
import { type EmbeddedWorld, startEmbeddedWorld, withWorkspace } from '../world.ts';

const MIB = 2 ** 20;
/** What STS really gives, whatever was asked for. */
const SESSION_SECONDS = 3;
const CHAIN = 'arn:aws:iam::123456789012:role/second';

let world: EmbeddedWorld;
let secondsAhead = 0;
afterEach(() => world.close());

/** A store whose clock the test moves, instead of waiting for a session to end. */
async function startMovableWorld(options: ServerOptions): Promise<EmbeddedWorld> {
  secondsAhead = 0;
  const now = () => new Date(Date.now() + secondsAhead * 1000);
  world = await startEmbeddedWorld({ now, ...options });
  return world;
}

async function fill(workspace: string): Promise<void> {
  await mkdir(join(workspace, 'small'));
  for (let at = 0; at < 10; at++) await writeFile(join(workspace, 'small', `${at}.txt`), `content ${at}\n`);
  await writeFile(join(workspace, 'large.bin'), randomBytes(11 * MIB));
}

const refusals = ({ server }: EmbeddedWorld) =>
  server.requests.filter(({ errorCode }) => errorCode === 'ExpiredToken').map(({ operation }) => operation);

describe('a session that ends in the middle of a backup', () => {
  it.each([
    { name: 'parts are on their way', operation: 'UploadPart' },
    { name: 'small files are on their way', operation: 'PutObject', key: /\/files\/small\// },
    { name: 'a multipart upload is completed', operation: 'CompleteMultipartUpload' },
    { name: 'the record is written', operation: 'PutObject', key: /\/versions\// },
  ])('is renewed with a fresh ID token while $name', async ({ operation, key }) => {
    // Announced for an hour: that the session is over is only known from the refusals.
    await startMovableWorld({ sessionSeconds: SESSION_SECONDS, announcedSessionSeconds: 3600 });
    const bucket = await world.createBucket();
    await withWorkspace(async (workspace) => {
      await fill(workspace);
      const gate = world.server.faults.gate({ operation, ...(key && { key }) });
      const step = await world.start(bucket, { workspace, inputs: { 'part-size': '5MiB' } });
      await untilAt(gate.arrived(), step);
      expect(world.issuer.counts.tokens).toBe(1);
      secondsAhead += SESSION_SECONDS;
      gate.release();

      const result = await step.done;
      expect(result).toMatchObject({ exitCode: 0, annotations: [], outputs: { version: '1', files: '11' } });
      expect(refusals(world)).toContain(operation);
      expect(world.issuer.counts.tokens).toBe(2);
      expect(world.server.requests.counts()).toMatchObject({ AssumeRoleWithWebIdentity: 2 });
      await expectRestorable(bucket, result.outputs['record-key'] ?? '');
      expect(await bucket.uploads()).toEqual([]);
    });
  });

  it('is renewed as often as needed', async () => {
    await startMovableWorld({ sessionSeconds: SESSION_SECONDS });
    const bucket = await world.createBucket();
    await withWorkspace(async (workspace) => {
      await fill(workspace);
      const step = await world.start(bucket, { workspace, inputs: { concurrency: '1' } });
      for (const file of ['0', '4', '8']) {
        const gate = world.server.faults.gate({ operation: 'PutObject', key: new RegExp(`/small/${file}.txt$`) });
        await untilAt(gate.arrived(), step);
        secondsAhead += SESSION_SECONDS;
        gate.release();
      }
      const result = await step.done;
      expect(result).toMatchObject({ exitCode: 0, annotations: [] });
      expect(refusals(world).length).toBeGreaterThanOrEqual(3);
      expect(world.issuer.counts.tokens).toBeGreaterThanOrEqual(4);
      await expectRestorable(bucket, result.outputs['record-key'] ?? '');
    });
  });

  it('ends the step when there is no new one: no version, no open upload, and the reason is said', async () => {
    await startMovableWorld({ sessionSeconds: SESSION_SECONDS, announcedSessionSeconds: 3600 });
    const bucket = await world.createBucket();
    await withWorkspace(async (workspace) => {
      await fill(workspace);
      const gate = world.server.faults.gate({ operation: 'PutObject', key: /\/files\/small\// });
      const step = await world.start(bucket, { workspace, inputs: { 'part-size': '200MiB' } });
      await untilAt(gate.arrived(), step);
      secondsAhead += SESSION_SECONDS;
      world.issuer.failNext(1000, { status: 403 });
      gate.release();

      const result = await step.done;
      expect(result).toMatchObject({ exitCode: 1, outputs: {} });
      const errors = result.annotations.filter(({ level }) => level === 'error');
      expect(errors).toHaveLength(1);
      expect(errors[0]?.message).toMatch(/ID token/);
      await expectNoVersion(bucket);
    });
  });
});

describe('a refresh that fails', () => {
  it('does no harm while the session lives', async () => {
    await startMovableWorld({});
    const trustPolicy = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal: '*', Action: '*' }] };
    const { server, issuer } = world;
    server.admin.addRole(CHAIN, { trustPolicy });
    const bucket = await world.createBucket();
    await withWorkspace(async (workspace) => {
      await fill(workspace);
      // The first session has five minutes left when the second begins, which is when it is due for a refresh.
      const secondRole = server.faults.gate({ operation: 'AssumeRole' }, { times: 1 });
      server.faults.add({
        match: { operation: 'PutObject', key: /\/files\// },
        action: { type: 'error', status: 400, code: 'ExpiredToken' },
      });
      const record = server.faults.gate({ operation: 'PutObject', key: /\/versions\// });
      const step = await world.start(bucket, { workspace, inputs: { 'role-chain': CHAIN } });
      await untilAt(secondRole.arrived(), step);
      secondsAhead += 3600 - 240;
      issuer.failNext(1, { status: 403 });
      secondRole.release();

      await untilAt(record.arrived(), step);
      await step.untilLine(/^::debug::credential-refresh/);
      record.release();
      const result = await step.done;
      expect(result).toMatchObject({ exitCode: 0, outputs: { version: '1' } });
      expect(result.annotations).toEqual([
        expect.objectContaining({ level: 'warning', message: expect.stringMatching(/could not be refreshed in time/) }),
      ]);
      expect(issuer.counts).toMatchObject({ tokens: 1, failed: 1 });
      expect(server.requests.counts()).toMatchObject({ AssumeRoleWithWebIdentity: 1 });
      await expectRestorable(bucket, result.outputs['record-key'] ?? '');
    });
  });
});
