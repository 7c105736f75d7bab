import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { BackupError } from '../../src/errors.ts';
import { FaultWorld } from './fault-world.ts';
import { FAULTS, type Fault } from './faults.ts';
import { count } from './ledger.ts';
import { expectWhole, type Reference, referenceOf } from './reference.ts';
import { SCENARIOS, type Scenario } from './scenarios.ts';

let world: FaultWorld;
beforeAll(async () => {
  world = await FaultWorld.start();
});
afterAll(() => world[Symbol.asyncDispose]());

interface Outcome {
  readonly bucket: string;
  readonly result?: unknown;
  readonly error?: unknown;
}

async function attempt(scenario: Scenario, { start }: Reference, bucket: string): Promise<Outcome> {
  try {
    return { bucket, result: await scenario.run(world, bucket, start, {}) };
  } catch (error) {
    return { bucket, error };
  } finally {
    // A fault that no request has met has proven nothing.
    const unfired = world.server.faults.unfired();
    world.server.faults.clear();
    expect(unfired).toEqual([]);
  }
}

function script(fault: Fault, request: number, times: number): void {
  const { name, action, when = 'before' } = fault;
  world.server.faults.add({ name, action, when, times, match: { request } });
}

/** As if nothing had happened. */
async function expectSame(scenario: Scenario, reference: Reference, { bucket, result, error }: Outcome): Promise<void> {
  expect(error).toBeUndefined();
  expect(await world.state(bucket)).toEqual(reference.state);
  expect(world.server.admin.listUploads(bucket)).toEqual([]);
  if (!scenario.writes) expect(stable(result)).toEqual(stable(reference.result));
}

const stable = (value: unknown) =>
  JSON.parse(JSON.stringify(value, (key, each) => (['bucket', 'uri', 'file'].includes(key) ? undefined : each)));

/** One error of ours that says what was done; what was there before is there, and nothing of the new is half there. */
async function expectClearError(scenario: Scenario, reference: Reference, { bucket, error }: Outcome): Promise<void> {
  expect(error).toBeInstanceOf(BackupError);
  expect(String(error)).toMatch(/\.$/);
  if (!scenario.deletes) expect(await world.state(bucket)).toMatchObject(await world.state(reference.start.bucket));
  await expectWhole(world, bucket);
}

describe.each(SCENARIOS)('$name', (scenario) => {
  let reference: Reference;
  beforeAll(async () => {
    reference = await referenceOf(world, scenario);
  });

  it.each(FAULTS)('$name, once, at every request', async (fault) => {
    let runs = 0;
    for (const [at, { operation }] of reference.requests.entries()) {
      if (fault.operations?.test(operation) === false) continue;
      const bucket = world.bucket(reference.start.bucket);
      script(fault, at + 1, 1);
      const outcome = await attempt(scenario, reference, bucket);
      runs += 1;
      if (fault.kind === 'transient' || outcome.error === undefined) {
        if (fault.kind === 'transient') await expectSame(scenario, reference, outcome);
        else await expectWhole(world, bucket);
      } else await expectClearError(scenario, reference, outcome);
      world.server.admin.dropBucket(bucket);
    }
    count(`${scenario.name}: ${fault.name}, once`, runs);
  });

  it.each(FAULTS)('$name, from every request on for good', async (fault) => {
    let runs = 0;
    for (const [at, { operation }] of reference.requests.entries()) {
      if (fault.operations?.test(operation) === false) continue;
      const bucket = world.bucket(reference.start.bucket);
      const { name, when = 'before', forGood: action = fault.action } = fault;
      world.server.faults.add({
        name,
        action,
        when,
        times: Number.POSITIVE_INFINITY,
        match: { operation, request: nth(reference, at) },
      });
      const outcome = await attempt(scenario, reference, bucket);
      runs += 1;
      if (outcome.error === undefined) await expectWhole(world, bucket);
      else await expectClearError(scenario, reference, outcome);
      world.server.admin.dropBucket(bucket);
    }
    count(`${scenario.name}: ${fault.name}, for good`, runs);
  });
});

/** Which of its operation a request is. */
function nth({ requests }: Reference, at: number): number {
  const operation = requests[at]?.operation;
  return requests.slice(0, at + 1).filter((request) => request.operation === operation).length;
}
