import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SIGINT_GRACE_MS } from '../../../dev/runner/process.ts';
import { count } from '../../faults/ledger.ts';
import { untilAt } from '../at-gate.ts';
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
        // The runner waits once before it sends SIGTERM, and a second time before it kills.
        const waited: number[] = [];
        const wait = (ms: number) => {
          waited.push(ms);
          return sleep(ms, undefined, { ref: false });
        };
        const step = await world.start(bucket, { workspace, inputs: { 'part-size': '5MiB' }, wait });
        await untilAt(gate.arrived(), step);
        step.cancel();
        if ('late' in point) gate.release();

        const result = await step.done;
        server.faults.clear();
        expect(result).toMatchObject({ exitCode: 1, signal: null, conclusion: 'cancelled', outputs: {} });
        const errors = result.annotations.filter(({ level }) => level === 'error');
        expect(errors.map(({ message }) => message)).toEqual([
          expect.stringMatching(/^The step was cancelled \(SIGINT\)/),
        ]);
        expect(waited).toEqual([SIGINT_GRACE_MS]);
        await expectNoVersion(bucket);
        count(`a real process cancelled when ${point.at}`, 1);
      });
    },
  );
});
