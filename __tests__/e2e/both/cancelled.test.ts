import { truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { StepHandle } from '../../../dev/runner/index.ts';
import { untilAt } from '../at-gate.ts';
import type { Bucket } from '../bucket.ts';
import { expectNoVersion, expectRestorable } from '../stored.ts';
import { startWorld, type World, withWorkspace } from '../world.ts';

const MIB = 2 ** 20;
/** Takes a store of memory some seconds, so that the signal finds the upload under way. */
const LARGE_MIB = 768;

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.close());

async function untilUploading(bucket: Bucket): Promise<void> {
  while ((await bucket.uploads()).length === 0) {
    // each look is a request, and the step goes on meanwhile
  }
}

describe('a step that is stopped in the middle of a multipart upload', () => {
  it.each([
    { name: 'by SIGTERM', stop: (step: StepHandle) => step.kill('SIGTERM'), conclusion: 'failure', reason: 'SIGTERM' },
    {
      name: 'by "Cancel workflow"',
      stop: (step: StepHandle) => step.cancel(),
      conclusion: 'cancelled',
      reason: 'SIGINT',
    },
  ])('$name ends by itself, says why, and leaves nothing behind', async ({ stop, conclusion, reason }) => {
    const bucket = await world.createBucket();
    await withWorkspace(async (workspace) => {
      const large = join(workspace, 'large.bin');
      await writeFile(large, 'start');
      await truncate(large, LARGE_MIB * MIB);
      const step = await world.start(bucket, { workspace, inputs: { concurrency: '2', compression: 'off' } });
      await untilAt(untilUploading(bucket), step);
      stop(step);

      const result = await step.done;
      // A signal that ended it would be the runner's SIGKILL, or one that nobody listened to.
      expect(result).toMatchObject({ exitCode: 1, signal: null, conclusion, outputs: {} });
      expect(result.annotations).toEqual([
        expect.objectContaining({
          level: 'error',
          message: expect.stringMatching(new RegExp(`^The step was cancelled \\(${reason}\\)`)),
        }),
      ]);
      await expectNoVersion(bucket);
      expect(await bucket.keys('backups/dist/data/')).toEqual([]);

      await truncate(large, MIB);
      const next = await world.backup(bucket, { workspace, inputs: { compression: 'off' } });
      expect(next).toMatchObject({ exitCode: 0, annotations: [], outputs: { version: '2', files: '1' } });
      await expectRestorable(bucket, next.outputs['record-key'] ?? '');
    });
  });
});
