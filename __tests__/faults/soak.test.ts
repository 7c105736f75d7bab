import { expect, it } from '@jest/globals';
import { BackupError } from '../../src/errors.ts';
import { generator } from '../protocol/chance.ts';
import { FaultWorld } from './fault-world.ts';
import { FAULTS } from './faults.ts';
import { count } from './ledger.ts';
import { expectWhole } from './reference.ts';
import { SCENARIOS, type Scenario, type Start } from './scenarios.ts';

/** Rounds where no time is given (`npm run soak` gives it). */
const ROUNDS = 15;
const MS_PER_MINUTE = 60_000;
const MAX_FAULTS = 4;
const MAX_TIMES = 4;
const MAX_CONCURRENCY = 8;
/** One in so many runs is killed as well. */
const DEATHS = 4;
const minutes = Number(process.env.SOAK_MINUTES ?? 0);
const seed = Number(process.env.SOAK_SEED ?? Math.floor(Math.random() * 2 ** 31));

/** @returns whole numbers from 0 up to but not including `below` */
type Chance = (below: number) => number;

interface Prepared {
  readonly scenario: Scenario;
  readonly start: Start;
  /** Operation of each request where nothing fails. */
  readonly operations: readonly string[];
}

async function prepare(world: FaultWorld, scenario: Scenario): Promise<Prepared> {
  const start = await scenario.prepare(world);
  const bucket = world.bucket(start.bucket);
  world.server.requests.clear();
  await scenario.run(world, bucket, start, {});
  world.server.admin.dropBucket(bucket);
  return { scenario, start, operations: world.server.requests.all.map(({ operation }) => operation) };
}

/** How many of the faults requests have met, and how many none. */
interface Met {
  readonly fired: number;
  readonly unfired: number;
}

/** Several faults at once, with any concurrency, and some runs die: what is visible is whole, and the next run succeeds. */
async function round(world: FaultWorld, { scenario, start, operations }: Prepared, chance: Chance): Promise<Met> {
  const bucket = world.bucket(start.bucket);
  const { faults } = world.server;
  for (let left = 1 + chance(MAX_FAULTS); left > 0; left--) addFault(world, operations, chance);
  const dies = chance(DEATHS) === 0;
  if (dies) {
    faults.add({
      match: { request: 1 + chance(operations.length) },
      times: Number.POSITIVE_INFINITY,
      action: { type: 'reset' },
    });
  }
  const runAfter = start.before.length;
  const options = { concurrency: 1 + chance(MAX_CONCURRENCY), runAfter, ...(dies && { retryForMs: 0 }) };
  const error = await scenario.run(world, bucket, start, options).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error !== undefined) expect(error).toBeInstanceOf(BackupError);
  const unfired = faults.unfired().length;
  const fired = faults.report().length - unfired;
  faults.clear();
  if (!scenario.deletes) expect(await world.state(bucket)).toMatchObject(await world.state(start.bucket));
  await expectWhole(world, bucket, start);
  await scenario.run(world, bucket, start, { runAfter: runAfter + 1 });
  await expectWhole(world, bucket, start);
  world.server.admin.dropBucket(bucket);
  world.server.requests.clear();
  return { fired, unfired };
}

/** One of the requests that the fault can answer; a fault that none of them can meet is not drawn. */
function addFault(world: FaultWorld, operations: readonly string[], chance: Chance): void {
  const choices = FAULTS.map((fault) => ({
    fault,
    requests: operations.filter((operation) => fault.operations?.test(operation) ?? true),
  })).filter(({ requests }) => requests.length > 0);
  const { fault, requests } = pick(choices, chance);
  const { name, action, when = 'before' } = fault;
  const match = {
    ...(fault.operations && { operation: [...new Set(requests)] }),
    request: 1 + chance(requests.length),
  };
  world.server.faults.add({ name, action, when, times: 1 + chance(MAX_TIMES), match });
}

function pick<T>(items: readonly T[], chance: Chance): T {
  const item = items[chance(items.length)];
  if (item === undefined) throw new Error('there is nothing to pick from');
  return item;
}

it(
  `survives faults by chance (SOAK_SEED=${seed})`,
  async () => {
    await using world = await FaultWorld.start();
    const random = generator(seed);
    const chance: Chance = (below) => Math.floor(random() * below);
    const prepared = new Map<Scenario, Prepared>();
    const endMs = Date.now() + minutes * MS_PER_MINUTE;
    let rounds = 0;
    let fired = 0;
    let unfired = 0;
    do {
      const scenario = pick(SCENARIOS, chance);
      const ready = prepared.get(scenario) ?? (await prepare(world, scenario));
      prepared.set(scenario, ready);
      rounds += 1;
      const met = await round(world, ready, chance).catch((error: unknown) => {
        throw new Error(`round ${rounds}, ${scenario.name}`, { cause: error });
      });
      fired += met.fired;
      unfired += met.unfired;
    } while (minutes > 0 ? Date.now() < endMs : rounds < ROUNDS);
    process.stdout.write(
      `${rounds} rounds with SOAK_SEED=${seed}: ${fired} faults were met, ${unfired} were met by no request\n`,
    );
    expect(fired).toBeGreaterThan(0);
    if (minutes === 0) count('faults by chance', rounds);
  },
  (minutes + 10) * MS_PER_MINUTE,
);
