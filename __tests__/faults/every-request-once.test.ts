import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { onceAtEveryRequest } from './attempt.ts';
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

describe.each(SCENARIOS)('$name', (scenario) => {
  let reference: Reference;
  beforeAll(async () => {
    reference = await referenceOf(world, scenario);
  });

  it('asks for no leave to send a body: a store that does not answer to Expect holds nothing up', () => {
    expect(reference.requests.filter(({ headers }) => 'expect' in headers)).toEqual([]);
  });

  it.each(FAULTS)('$name, once, at every request', async (fault) => {
    const runs = await onceAtEveryRequest(world, scenario, reference, fault);
    count(`${scenario.name}: ${fault.name}, once`, runs);
  });
});
