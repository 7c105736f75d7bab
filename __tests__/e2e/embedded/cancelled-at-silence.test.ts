import { randomBytes } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { StepHandle } from '../../../dev/runner/index.ts';
import { SIGINT_GRACE_MS } from '../../../dev/runner/process.ts';
import { count } from '../../faults/ledger.ts';
import { untilAt } from '../at-gate.ts';
import { recordKeys } from '../stored.ts';
import { type EmbeddedWorld, startEmbeddedWorld, withWorkspace } from '../world.ts';

const MIB = 2 ** 20;

let world: EmbeddedWorld;
beforeAll(async () => {
  world = await startEmbeddedWorld();
});
afterAll(() => world.close());

/** More than a part of packs and of a file, so that both have an upload open. */
const INPUTS = { 'part-size': '5MiB', 'max-memory': '64MB', 'pack-below': '1MiB' };
const SMALL_FILES = 110;
const SMALL_BYTES = 100_000;

async function fill(workspace: string): Promise<void> {
  await writeFile(join(workspace, 'large.bin'), randomBytes(11 * MIB));
  await mkdir(join(workspace, 'small'));
  for (let number = 0; number < SMALL_FILES; number++) {
    await writeFile(join(workspace, 'small', String(number)), randomBytes(SMALL_BYTES));
  }
}

interface Silent {
  readonly step: StepHandle;
  /** What the runner has waited so far for the step to end. */
  readonly waited: number[];
  /** Resolves when so many uploads are being aborted. */
  aborting(uploads: number): Promise<void>;
}

/** A step that has sent parts of a file and of a pack to a store that does not answer any more, whatever it is asked. */
async function atSilence(work: (silent: Silent) => Promise<void>): Promise<void> {
  const bucket = await world.createBucket();
  const { faults } = world.server;
  await withWorkspace(async (workspace) => {
    await fill(workspace);
    const parts = [/\/files\/large\.bin$/, /\/packs\//].map((key) => faults.gate({ operation: 'UploadPart', key }));
    const aborts = faults.gate({ operation: 'AbortMultipartUpload' });
    const waited: number[] = [];
    const wait = (ms: number) => {
      waited.push(ms);
      return sleep(ms, undefined, { ref: false });
    };
    const step = await world.start(bucket, { workspace, inputs: INPUTS, wait });
    for (const part of parts) await untilAt(part.arrived(), step);
    try {
      await work({ step, waited, aborting: (uploads) => untilAt(aborts.arrived(uploads), step) });
    } finally {
      faults.clear();
    }
    expect(await recordKeys(bucket)).toEqual([]);
  });
}

const REASON = expect.objectContaining({
  level: 'error',
  message: expect.stringMatching(/^The step was cancelled \(SIGINT\)/),
});

/** The reason why is not the cancellation, which stands above it. */
const STAYS_OPEN =
  /could not be aborted; [^:]*: The store did not answer in time\. .*: The store did not answer in time\.$/;

describe('a workflow that is cancelled while the store is silent', () => {
  it('is out before SIGTERM would come, and says why and what stays open', async () => {
    await atSilence(async ({ step, waited }) => {
      step.cancel();
      const result = await step.done;
      expect(result).toMatchObject({ exitCode: 1, signal: null, conclusion: 'cancelled', outputs: {} });
      expect(result.annotations).toEqual([
        REASON,
        expect.objectContaining({ level: 'warning', message: expect.stringMatching(STAYS_OPEN) }),
      ]);
      expect(result.summary).toMatch(/^### Backup cancelled\n[\s\S]*#### Problems\n\n- .*could not be aborted/);
      expect(result.summary).toContain('Re-run the job: its next attempt goes on with version 1');
      expect(waited).toEqual([SIGINT_GRACE_MS]);
      count('a real process cancelled while the store answers nothing, aborts neither', 1);
    });
  });

  it('is out on the spot when it is asked once more, and says why', async () => {
    await atSilence(async ({ step, aborting }) => {
      step.kill('SIGINT');
      await aborting(2);
      step.kill('SIGTERM');
      const result = await step.done;
      expect(result).toMatchObject({ exitCode: 1, signal: null, conclusion: 'failure', outputs: {} });
      // No word of the aborts: nobody has waited for them.
      expect(result.annotations).toEqual([REASON]);
      count('a real process asked to stop a second time', 1);
    });
  });
});
