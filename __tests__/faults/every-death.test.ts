import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { BackupError } from '../../src/errors.ts';
import { FaultWorld } from './fault-world.ts';
import { count } from './ledger.ts';
import { expectWhole, type Reference, referenceOf } from './reference.ts';
import { SCENARIOS } from './scenarios.ts';

let world: FaultWorld;
beforeAll(async () => {
  world = await FaultWorld.start();
});
afterAll(() => world[Symbol.asyncDispose]());

const FOR_GOOD = Number.POSITIVE_INFINITY;

/**
 * What the store sees of a process that is killed: no request from the n-th on has an effect (`before`), or the n-th has
 * its effect, unheard, and none comes after it (`after`).
 */
function die(request: number, when: 'before' | 'after'): void {
  const { faults } = world.server;
  if (when === 'after') faults.add({ when, match: { request }, action: { type: 'reset' } });
  faults.add({
    match: { request: when === 'after' ? request + 1 : request },
    times: FOR_GOOD,
    action: { type: 'reset' },
  });
}

describe.each(SCENARIOS.slice(0, 2))('$name, killed', (scenario) => {
  let reference: Reference;
  beforeAll(async () => {
    reference = await referenceOf(world, scenario);
  });

  it.each(['before', 'after'] as const)(
    '%s every request: what was there is whole, and the next run succeeds',
    async (when) => {
      const { start, requests } = reference;
      for (const at of requests.keys()) {
        const bucket = world.bucket(start.bucket);
        die(at + 1, when);
        const end = await scenario.run(world, bucket, start, { retryForMs: 0 }).catch((error: unknown) => error);
        expect(world.server.faults.report()[0]).toMatchObject({ fired: expect.any(Number) });
        if (when === 'before') expect(world.server.faults.unfired()).toEqual([]);
        world.server.faults.clear();
        if (!scenario.deletes) expect(await world.state(bucket)).toMatchObject(await world.state(start.bucket));
        await expectWhole(world, bucket);
        await scenario.run(world, bucket, start, {});
        await expectWhole(world, bucket);
        if (scenario.writes) expect(await world.restore(bucket)).toEqual(start.tree);
        expect(end === undefined || end instanceof BackupError || typeof end === 'object').toBe(true);
        world.server.admin.dropBucket(bucket);
      }
      count(`${scenario.name}: killed ${when} every request`, requests.length);
    },
  );
});
