import { expect } from '@jest/globals';
import { BackupError } from '../../src/errors.ts';
import type { FaultWorld, RunOptions } from './fault-world.ts';
import type { Fault } from './faults.ts';
import { expectWhole, newestIn, type Reference } from './reference.ts';
import type { Scenario } from './scenarios.ts';

export interface Outcome {
  readonly bucket: string;
  readonly result?: unknown;
  readonly error?: unknown;
  readonly warnings: readonly string[];
}

/** How a scenario is run while its faults are in force; by itself where nothing else is said. */
export type Conduct = (options: RunOptions, run: (options: RunOptions) => Promise<unknown>) => Promise<unknown>;

const ALONE: Conduct = (options, run) => run(options);

/** Each request in turn meets a fault. @returns how many runs that took */
export async function onceAtEveryRequest(
  world: FaultWorld,
  scenario: Scenario,
  reference: Reference,
  fault: Fault,
  conduct = ALONE,
): Promise<number> {
  const { name, action, when = 'before' } = fault;
  return atEvery(reference, fault, async (at) => {
    const match = { request: at + 1 };
    const outcome = await attempt(world, scenario, reference, { name, action, when, times: 1, match }, conduct);
    if (fault.kind === 'transient') await expectSame(world, scenario, reference, outcome);
    else if (outcome.error === undefined) await expectSuccess(world, scenario, reference, outcome);
    else await expectClearError(world, scenario, reference, outcome);
    world.server.admin.dropBucket(outcome.bucket);
  });
}

/** From each request on, every request of its operation meets a fault. @returns how many runs that took */
export async function forGoodFromEveryRequest(
  world: FaultWorld,
  scenario: Scenario,
  reference: Reference,
  fault: Fault,
  conduct = ALONE,
): Promise<number> {
  const { name, when = 'before', forGood: action = fault.action } = fault;
  return atEvery(reference, fault, async (at, operation) => {
    const match = { operation, request: nth(reference, at) };
    const script = { name, action, when, times: Number.POSITIVE_INFINITY, match };
    const outcome = await attempt(world, scenario, reference, script, conduct);
    if (outcome.error === undefined) await expectHonestSuccess(world, scenario, reference, outcome);
    else await expectClearError(world, scenario, reference, outcome);
    world.server.admin.dropBucket(outcome.bucket);
  });
}

async function atEvery(
  { requests }: Reference,
  { operations, sampled = false }: Fault,
  run: (at: number, operation: string) => Promise<void>,
): Promise<number> {
  let runs = 0;
  const seen = new Set<string>();
  for (const [at, { operation }] of requests.entries()) {
    if (operations?.test(operation) === false || (sampled && seen.has(operation))) continue;
    seen.add(operation);
    await run(at, operation);
    runs += 1;
  }
  return runs;
}

async function attempt(
  world: FaultWorld,
  scenario: Scenario,
  { start }: Reference,
  script: Parameters<FaultWorld['server']['faults']['add']>[0],
  conduct: Conduct,
): Promise<Outcome> {
  const bucket = world.bucket(start.bucket);
  const { faults } = world.server;
  faults.add(script);
  const warnings: string[] = [];
  try {
    const result = await conduct({ warnings }, (options) => scenario.run(world, bucket, start, options));
    return { bucket, warnings, result };
  } catch (error) {
    return { bucket, warnings, error };
  } finally {
    // A fault that no request has met has proven nothing.
    const unfired = faults.unfired();
    faults.clear();
    expect(unfired).toEqual([]);
  }
}

/** As if nothing had happened. */
async function expectSame(
  world: FaultWorld,
  scenario: Scenario,
  reference: Reference,
  { bucket, result, error }: Outcome,
): Promise<void> {
  expect(error).toBeUndefined();
  expect(await world.state(bucket)).toEqual(reference.state);
  expect(world.server.admin.listUploads(bucket)).toEqual([]);
  if (!scenario.writes) expect(stable(result)).toEqual(stable(reference.result));
}

/** Without what tells one bucket or run from the next. */
export const stable = (value: unknown) =>
  JSON.parse(JSON.stringify(value, (key, each) => (['bucket', 'uri', 'file'].includes(key) ? undefined : each)));

/** What says that it has succeeded has: it has made a version, or its result is right or says itself what is wrong. */
async function expectSuccess(
  world: FaultWorld,
  scenario: Scenario,
  reference: Reference,
  { bucket, result }: Outcome,
): Promise<void> {
  await expectWhole(world, bucket, reference.start);
  if (scenario.writes) {
    const least = reference.start.before.length + (scenario.cleansUp ? 0 : 1);
    expect(newestIn(await world.state(bucket))).toBeGreaterThanOrEqual(least);
  } else if (!scenario.saysWhatFailed?.(result)) expect(stable(result)).toEqual(stable(reference.result));
}

/** Where a fault that does not end is no error, it is said in a warning or in the result, or has changed nothing. */
async function expectHonestSuccess(
  world: FaultWorld,
  scenario: Scenario,
  reference: Reference,
  outcome: Outcome,
): Promise<void> {
  await expectSuccess(world, scenario, reference, outcome);
  const isSaid = outcome.warnings.length > 0 || scenario.saysWhatFailed?.(outcome.result);
  if (!isSaid) expect(await world.state(outcome.bucket)).toEqual(reference.state);
}

/** One error of ours that says what was done; what was there before is there, and nothing of the new is half there. */
async function expectClearError(
  world: FaultWorld,
  scenario: Scenario,
  { start }: Reference,
  { bucket, error }: Outcome,
): Promise<void> {
  expect(error).toBeInstanceOf(BackupError);
  expect(String(error)).toMatch(/\.$/);
  if (!scenario.deletes) expect(await world.state(bucket)).toMatchObject(await world.state(start.bucket));
  await expectWhole(world, bucket, start);
}

/** Which of its operation a request is. */
function nth({ requests }: Reference, at: number): number {
  const operation = requests[at]?.operation;
  return requests.slice(0, at + 1).filter((request) => request.operation === operation).length;
}
