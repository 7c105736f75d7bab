import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { BackupError } from '../../src/errors.ts';
import { stable } from './attempt.ts';
import { ABANDONED_AFTER_MS, FaultWorld } from './fault-world.ts';
import { count } from './ledger.ts';
import { expectWhole, newestIn, type Reference, referenceOf } from './reference.ts';
import { SCENARIOS, type Scenario } from './scenarios.ts';

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

/** A process that dies tells nobody anything; this one lives, and says so in one error, or does not notice. */
async function dying(run: Promise<unknown>): Promise<void> {
  const error = await run.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error === undefined || error instanceof BackupError).toBe(true);
}

/** The next run has done what the one that died was to do. */
async function expectDone(scenario: Scenario, { start, state, result }: Reference, bucket: string, next: unknown) {
  await expectWhole(world, bucket, start);
  if (!scenario.writes) expect(stable(next)).toEqual(stable(result));
  else if (scenario.cleansUp) {
    world.clock.laterMs = 2 * ABANDONED_AFTER_MS;
    await scenario.run(world, bucket, start, {});
    world.clock.laterMs = 0;
    expect(await world.state(bucket)).toEqual(state);
  } else {
    expect(newestIn(await world.state(bucket))).toBeGreaterThan(start.before.length);
  }
}

describe.each(SCENARIOS)('$name, killed', (scenario) => {
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
        await dying(scenario.run(world, bucket, start, { retryForMs: 0 }));
        expect(world.server.faults.report()[0]).toMatchObject({ fired: when === 'after' ? 1 : expect.any(Number) });
        if (when === 'before') expect(world.server.faults.unfired()).toEqual([]);
        world.server.faults.clear();
        if (!scenario.deletes) expect(await world.state(bucket)).toMatchObject(await world.state(start.bucket));
        await expectWhole(world, bucket, start);
        const next = await scenario.run(world, bucket, start, { runAfter: start.before.length + 1 });
        await expectDone(scenario, reference, bucket, next);
        world.server.admin.dropBucket(bucket);
      }
      count(`${scenario.name}: killed ${when} every request`, requests.length);
    },
  );
});
