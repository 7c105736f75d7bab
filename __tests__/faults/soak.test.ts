import { expect, it } from '@jest/globals';
import { BackupError } from '../../src/errors.ts';
import { FaultWorld } from './fault-world.ts';
import { FAULTS } from './faults.ts';
import { expectWhole } from './reference.ts';
import { SCENARIOS } from './scenarios.ts';

/** Rounds where no time is given (`npm run soak` gives it). */
const ROUNDS = 15;
const MS_PER_MINUTE = 60_000;
const minutes = Number(process.env.SOAK_MINUTES ?? 0);
const seed = Number(process.env.SOAK_SEED ?? Math.floor(Math.random() * 2 ** 31));

/** Mulberry32: small, and the same everywhere. @returns whole numbers from 0 up to but not including `below` */
function randomFrom(start: number): (below: number) => number {
  let state = start;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

/** Several faults at once, at any requests, with any concurrency: what is visible is whole, and the next run succeeds. */
async function round(world: FaultWorld, below: (limit: number) => number): Promise<void> {
  const scenario = pick(SCENARIOS, below);
  const start = await scenario.prepare(world);
  const { faults } = world.server;
  for (let left = 1 + below(3); left > 0; left--) {
    const { name, action, when = 'before', operations } = pick(FAULTS, below);
    const operation = operations && OPERATIONS.filter((each) => operations.test(each));
    faults.add({
      name,
      action,
      when,
      times: 1 + below(4),
      match: { ...(operation && { operation }), request: 1 + below(20) },
    });
  }
  try {
    await scenario.run(world, start.bucket, start, { concurrency: 1 + below(8) });
  } catch (error) {
    expect(error).toBeInstanceOf(BackupError);
  }
  faults.clear();
  await expectWhole(world, start.bucket);
  await scenario.run(world, start.bucket, start, {});
  await expectWhole(world, start.bucket);
  expect(await world.restore(start.bucket)).toEqual(start.tree);
  world.server.admin.dropBucket(start.bucket);
  world.server.requests.clear();
}

const OPERATIONS = ['GetObject', 'HeadObject', 'PutObject', 'UploadPart', 'CompleteMultipartUpload', 'DeleteObjects'];

function pick<T>(items: readonly T[], below: (limit: number) => number): T {
  const item = items[below(items.length)];
  if (item === undefined) throw new Error('there is nothing to pick from');
  return item;
}

it(
  `survives faults by chance (SOAK_SEED=${seed})`,
  async () => {
    await using world = await FaultWorld.start();
    const below = randomFrom(seed);
    const endMs = Date.now() + minutes * MS_PER_MINUTE;
    let rounds = 0;
    do {
      await round(world, below);
      rounds += 1;
    } while (minutes > 0 ? Date.now() < endMs : rounds < ROUNDS);
    if (minutes > 0) process.stdout.write(`${rounds} rounds with SOAK_SEED=${seed}\n`);
  },
  (minutes + 10) * MS_PER_MINUTE,
);
