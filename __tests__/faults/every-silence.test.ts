import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { S3_IDLE_TIMEOUT_MS } from '../../src/aws/clients.ts';
import { virtualTime } from '../virtual-time.ts';
import { type Conduct, forGoodFromEveryRequest, onceAtEveryRequest } from './attempt.ts';
import { FaultWorld } from './fault-world.ts';
import { DOCUMENTS, type Fault } from './faults.ts';
import { count } from './ledger.ts';
import { type Reference, referenceOf } from './reference.ts';
import { fakeTimersOfSdk, RequestsInFlight } from './requests-in-flight.ts';
import { SCENARIOS } from './scenarios.ts';

const SILENCES: readonly Fault[] = [
  { name: 'silence', action: { type: 'silence' }, kind: 'transient' },
  {
    name: 'silence in the middle of a body read',
    operations: /^GetObject$/,
    action: { type: 'stallAnswer', afterBytes: 2 },
    forGood: { type: 'stallAnswer', afterBytes: 0 },
    kind: 'transient',
  },
  {
    name: 'silence in the middle of a document read',
    operations: DOCUMENTS,
    sampled: true,
    action: { type: 'stallAnswer', afterBytes: 60 },
    kind: 'transient',
  },
];

let world: FaultWorld;
beforeAll(async () => {
  fakeTimersOfSdk();
  world = await FaultWorld.start();
});
afterAll(async () => {
  jest.useRealTimers();
  await world[Symbol.asyncDispose]();
});

/** Each time the store falls silent, as much time passes as the product bears. */
const throughSilence: Conduct = async (options, run) => {
  using inFlight = new RequestsInFlight();
  const time = virtualTime({ retryForMs: 3_000 });
  const { requests } = world.server;
  let last = requests.all.at(-1)?.number ?? 0;
  let silences = 0;
  const running = run({ ...options, time });
  const ended = running.then(
    () => undefined,
    () => undefined,
  );
  for (;;) {
    const silent = requests.waitFor(({ number, faults }) => number > last && faults.length > 0);
    const request = await Promise.race([silent, ended]);
    if (request === undefined) break;
    last = request.number;
    silences += 1;
    await inFlight.fallSilent();
    time.advance(S3_IDLE_TIMEOUT_MS);
  }
  expect(silences).toBeGreaterThan(0);
  return running;
};

describe.each(SCENARIOS.filter(({ needsRealTime = false }) => !needsRealTime))('$name', (scenario) => {
  let reference: Reference;
  beforeAll(async () => {
    reference = await referenceOf(world, scenario);
  });

  it.each(SILENCES)('$name, once, at every request', async (fault) => {
    const runs = await onceAtEveryRequest(world, scenario, reference, fault, throughSilence);
    count(`${scenario.name}: ${fault.name}, once`, runs);
  });

  it.each(SILENCES)('$name, from every request on for good', async (fault) => {
    const runs = await forGoodFromEveryRequest(world, scenario, reference, fault, throughSilence);
    count(`${scenario.name}: ${fault.name}, for good`, runs);
  });
});
