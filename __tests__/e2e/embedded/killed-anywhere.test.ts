import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { count } from '../../faults/ledger.ts';
import { untilAt } from '../at-gate.ts';
import type { Bucket } from '../bucket.ts';
import { expectRestorable, recordKeys } from '../stored.ts';
import { type EmbeddedWorld, startEmbeddedWorld, withWorkspace } from '../world.ts';

let world: EmbeddedWorld;
beforeAll(async () => {
  world = await startEmbeddedWorld();
});
afterAll(() => world.close());

/** Kills a step at its n-th request: before that has had its effect, or after, when only the reply is missing. */
async function killAt(bucket: Bucket, workspace: string, request: number, when: 'before' | 'after'): Promise<void> {
  const { faults } = world.server;
  const gate = faults.gate({ request }, { when, times: 1 });
  faults.add({ match: { request }, when, action: { type: 'reset' } });
  const step = await world.start(bucket, { workspace });
  await untilAt(gate.arrived(), step);
  step.kill('SIGKILL');
  const result = await step.done;
  expect(result).toMatchObject({ exitCode: null, signal: 'SIGKILL' });
  faults.clear();
}

describe('a step that is killed (SIGKILL)', () => {
  // One after the other in one bucket: each run is the next one after the killed run before it.
  it.each(['before', 'after'] as const)(
    '%s each of its requests leaves whole versions only, and stops no later run',
    async (when) => {
      const bucket = await world.createBucket();
      await withWorkspace(async (workspace) => {
        await writeFile(join(workspace, 'small.txt'), 'content\n');
        world.server.requests.clear();
        expect(await world.backup(bucket, { workspace })).toMatchObject({ exitCode: 0 });
        const requests = world.server.requests.all.length;
        for (let request = 1; request <= requests; request++) {
          await killAt(bucket, workspace, request, when);
          const records = await recordKeys(bucket);
          expect(records[0]).toMatch(/_000001\.json$/);
          for (const key of records) await expectRestorable(bucket, key);
        }
        const last = await world.backup(bucket, { workspace });
        expect(last).toMatchObject({ exitCode: 0, annotations: [] });
        await expectRestorable(bucket, last.outputs['record-key'] ?? '');
        count(`a real process killed ${when} every request`, requests);
      });
    },
  );
});
