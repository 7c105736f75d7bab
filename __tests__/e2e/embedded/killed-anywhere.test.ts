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

/**
 * Kills a step at its n-th request: before that has had its effect, or after, when only the reply is missing.
 * @returns the key of the request
 */
async function killAt(bucket: Bucket, workspace: string, request: number, when: 'before' | 'after'): Promise<string> {
  const { faults } = world.server;
  const gate = faults.gate({ request }, { when, times: 1 });
  faults.add({ match: { request }, when, action: { type: 'reset' } });
  const step = await world.start(bucket, { workspace });
  await untilAt(gate.arrived(), step);
  const { key = '' } = world.server.requests.all.at(-1) ?? {};
  step.kill('SIGKILL');
  const result = await step.done;
  expect(result).toMatchObject({ exitCode: null, signal: 'SIGKILL' });
  faults.clear();
  return key;
}

describe('a step that is killed (SIGKILL)', () => {
  // One after the other in one bucket: each run is the next one after the killed run before it.
  it.each(['before', 'after'] as const)(
    '%s each of its requests leaves whole versions only, and stops no later run',
    async (when) => {
      const bucket = await world.createBucket();
      await withWorkspace(async (workspace) => {
        await writeFile(join(workspace, 'small.txt'), 'content\n');
        expect(await world.backup(bucket, { workspace })).toMatchObject({ exitCode: 0 });
        // Of the second, which leans on the first as all do that are killed.
        world.server.requests.clear();
        expect(await world.backup(bucket, { workspace })).toMatchObject({ exitCode: 0 });
        const requests = world.server.requests.all.length;
        const killed: string[] = [];
        for (let request = 1; request <= requests; request++) {
          killed.push(await killAt(bucket, workspace, request, when));
          const records = await recordKeys(bucket);
          expect(records[0]).toMatch(/_000001\.json$/);
          for (const key of records) await expectRestorable(bucket, key);
        }
        // To the last of them, which makes a version visible.
        expect(killed.at(-1)).toMatch(/\/versions\/.*\.json$/);
        const last = await world.backup(bucket, { workspace });
        expect(last).toMatchObject({ exitCode: 0, annotations: [] });
        await expectRestorable(bucket, last.outputs['record-key'] ?? '');
        count(`a real process killed ${when} every request`, requests);
      });
    },
  );
});
