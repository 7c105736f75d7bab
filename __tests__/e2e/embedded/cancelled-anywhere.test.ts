import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pLimit from 'p-limit';
import type { StepHandle } from '../../../dev/runner/index.ts';
import { SIGINT_GRACE_MS } from '../../../dev/runner/process.ts';
import { count } from '../../faults/ledger.ts';
import { untilAt } from '../at-gate.ts';
import type { Bucket } from '../bucket.ts';
import { expectNoVersion } from '../stored.ts';
import { type EmbeddedWorld, startEmbeddedWorld, withWorkspace } from '../world.ts';

const MIB = 2 ** 20;

let world: EmbeddedWorld;
beforeAll(async () => {
  world = await startEmbeddedWorld();
});
afterAll(() => world.close());

/**
 * Requests that the store holds back for good, so that only the signal can get the step away from them. But for the
 * one whose reply names what is to be cleaned up: that comes late.
 */
const POINTS = [
  { at: 'the session is asked for', operation: 'AssumeRoleWithWebIdentity' },
  { at: 'the catalogue is listed', operation: 'ListObjectsV2' },
  { at: 'the number is claimed', operation: 'PutObject', key: /\/claims\// },
  { at: 'a small file is stored', operation: 'PutObject', key: /small\.txt$/ },
  { at: 'a multipart upload is opened', operation: 'CreateMultipartUpload', late: true },
  { at: 'parts are on their way', operation: 'UploadPart' },
  { at: 'the index is written', operation: 'PutObject', key: /\/index\./ },
  { at: 'the record is written', operation: 'PutObject', key: /\/versions\// },
] as const;

interface Cancellable {
  readonly step: StepHandle;
  /** What the runner has waited so far for the step to end. */
  readonly waited: number[];
}

async function start(
  bucket: Bucket,
  workspace: string,
  inputs: Readonly<Record<string, string>>,
): Promise<Cancellable> {
  // The runner waits once before it sends SIGTERM, and a second time before it kills.
  const waited: number[] = [];
  const wait = (ms: number) => {
    waited.push(ms);
    return sleep(ms, undefined, { ref: false });
  };
  const step = await world.start(bucket, { workspace, inputs: { ...inputs, 'part-size': '5MiB' }, wait });
  return { step, waited };
}

/** After SIGINT alone it is out by itself, and says why. */
async function expectOut({ step, waited }: Cancellable): Promise<void> {
  const result = await step.done;
  expect(result).toMatchObject({ exitCode: 1, signal: null, conclusion: 'cancelled', outputs: {} });
  const errors = result.annotations.filter(({ level }) => level === 'error');
  expect(errors.map(({ message }) => message)).toEqual([expect.stringMatching(/^The step was cancelled \(SIGINT\)/)]);
  expect(waited).toEqual([SIGINT_GRACE_MS]);
}

/** So many that a run makes 50 requests of the bucket. */
const SMALL_FILES = 36;
const REQUESTS = 50;
const RUNS_AT_ONCE = 4;
const ALL_RUNS_TIMEOUT_MS = 600_000;
const MANY = { layout: 'files', concurrency: '4' };

/** The large file comes first, so that most points lie where its upload is open. */
async function fill(workspace: string): Promise<void> {
  await writeFile(join(workspace, 'large.bin'), randomBytes(11 * MIB));
  for (let number = 0; number < SMALL_FILES; number++) await writeFile(join(workspace, `small-${number}`), `${number}`);
}

/** The store holds back the n-th request of its bucket for as long as the step lives; it answers all others. */
async function cancelAt(request: number, workspace: string): Promise<void> {
  const bucket = await world.createBucket();
  const { faults, requests } = world.server;
  const gate = faults.gate({ bucket: bucket.name, request }, { times: 1 });
  const running = await start(bucket, workspace, MANY);
  await untilAt(gate.arrived(), running.step);
  running.step.cancel();
  const held = requests.filter((record) => record.bucket === bucket.name && record.faults.includes('gate'));
  // Its reply names what is to be cleaned up.
  if (held[0]?.operation === 'CreateMultipartUpload') gate.release();
  await expectOut(running);
  await expectNoVersion(bucket);
  gate.release();
}

describe('a cancelled workflow', () => {
  it.each(POINTS)(
    'is out before SIGTERM would come, and leaves no version and no open upload when $at',
    async (point) => {
      const bucket = await world.createBucket();
      const { server } = world;
      await withWorkspace(async (workspace) => {
        await writeFile(join(workspace, 'small.txt'), 'content\n');
        await writeFile(join(workspace, 'large.bin'), randomBytes(11 * MIB));
        const { operation } = point;
        const gate = server.faults.gate({ operation, ...('key' in point && { key: point.key }) });
        const running = await start(bucket, workspace, {});
        await untilAt(gate.arrived(), running.step);
        running.step.cancel();
        if ('late' in point) gate.release();
        await expectOut(running);
        server.faults.clear();
        await expectNoVersion(bucket);
        count(`a real process cancelled when ${point.at}`, 1);
      });
    },
  );

  it(
    `is out before SIGTERM would come, and leaves no version and no open upload at each of ${REQUESTS} requests`,
    async () => {
      await withWorkspace(async (workspace) => {
        await fill(workspace);
        const whole = await world.createBucket();
        expect(await world.backup(whole, { workspace, inputs: { ...MANY, 'part-size': '5MiB' } })).toMatchObject({
          exitCode: 0,
        });
        const requests = world.server.requests.filter(({ bucket }) => bucket === whole.name).length;
        expect(requests).toBeGreaterThanOrEqual(REQUESTS);
        const limit = pLimit(RUNS_AT_ONCE);
        const runs = Array.from({ length: REQUESTS }, (_, at) => limit(() => cancelAt(at + 1, workspace)));
        await Promise.all(runs);
        count('a real process cancelled at a request', REQUESTS);
      });
    },
    ALL_RUNS_TIMEOUT_MS,
  );
});
