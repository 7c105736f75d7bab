import { afterAll, beforeAll, describe, it } from '@jest/globals';
import { forGoodFromEveryRequest } from './attempt.ts';
import { FaultWorld } from './fault-world.ts';
import { FAULTS } from './faults.ts';
import { count } from './ledger.ts';
import { type Reference, referenceOf } from './reference.ts';
import { SCENARIOS } from './scenarios.ts';

let world: FaultWorld;
beforeAll(async () => {
  world = await FaultWorld.start();
});
afterAll(() => world[Symbol.asyncDispose]());

// Beside `every-request-once.test.ts`, so that two workers share the work.
describe.each(SCENARIOS)('$name', (scenario) => {
  let reference: Reference;
  beforeAll(async () => {
    reference = await referenceOf(world, scenario);
  });

  it.each(FAULTS)('$name, from every request on for good', async (fault) => {
    const runs = await forGoodFromEveryRequest(world, scenario, reference, fault);
    count(`${scenario.name}: ${fault.name}, for good`, runs);
  });
});
