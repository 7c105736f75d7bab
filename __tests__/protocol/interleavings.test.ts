import { describe, expect, it } from '@jest/globals';
import { exploreAll, exploreSome } from './explore.ts';
import { type Cast, scenario } from './scenarios.ts';

/** `npm run proof` sets it: everything that takes minutes. */
const LONG = process.env.PROOF === 'long';
const RANDOM_RUNS = Number(process.env.PROOF_RUNS ?? (LONG ? 100_000 : 300));
const SEED = Number(process.env.PROOF_SEED ?? Date.now() % 1_000_000);
const TIMEOUT_MS = LONG ? 6 * 3_600_000 : 180_000;

type Named = readonly [who: string, cast: Cast];

const PAIRS: readonly Named[] = [
  ['a writer and a pruner', { versions: 2, writers: 1, pruners: 1 }],
  ['a writer and a pruner, one key a page', { versions: 2, writers: 1, pruners: 1, pageSize: 1 }],
  ['two pruners', { versions: 3, writers: 0, pruners: 2 }],
  ['two pruners, one key a page', { versions: 2, writers: 0, pruners: 2, pageSize: 1 }],
  ['two writers', { versions: 1, writers: 2 }],
  ['two writers, one key a page', { versions: 1, writers: 2, pageSize: 1 }],
  ['two writers in a store that ignores conditions', { versions: 1, writers: 2, conditionalWrites: 'ignored' }],
  ['a leaning writer and a pruner', { versions: 2, writers: 0, leaners: 1, pruners: 1 }],
  ['a restorer and a pruner', { versions: 2, writers: 0, restorers: 1, pruners: 1 }],
  ['a writer and a cleaner', { versions: 1, writers: 1, pruners: 1, killedRun: true, keepLast: 9 }],
  ['a writer, a cleaner and a long pause', { versions: 1, writers: 1, pruners: 1, timePasses: true }],
  ['a writer and a later attempt that takes it for dead', { versions: 1, writers: 1, resumers: 1 }],
  ['the same, with another file', { versions: 0, writers: 1, resumers: 1, changed: true }],
  ['two later attempts of one that was killed', { versions: 1, writers: 0, resumers: 2, killedAttempt: true }],
  ['a later attempt and a pruner', { versions: 1, writers: 0, resumers: 1, killedAttempt: true, pruners: 1 }],
  [
    'a later attempt, a cleaner and a long pause',
    { versions: 0, writers: 0, resumers: 1, killedAttempt: true, pruners: 1, timePasses: true },
  ],
];

const TROUBLE: readonly Named[] = [
  ['a writer, two faults', { versions: 1, writers: 1, faults: 2 }],
  ['two writers, a fault', { versions: 0, writers: 2, faults: 1 }],
  ['a writer and a pruner, a fault', { versions: 2, writers: 1, pruners: 1, faults: 1 }],
  [
    'an attempt taken for dead, a writer and a pruner, a fault',
    { versions: 0, writers: 1, killedAttempt: true, survives: true, pruners: 1, faults: 1 },
  ],
  ['two writers, one of them killed', { versions: 1, writers: 2, kills: 1 }],
  ['a pruner and a cleaner, one of them killed', { versions: 2, writers: 0, pruners: 2, killedRun: true, kills: 1 }],
  ['a writer and a pruner, both killed', { versions: 2, writers: 1, pruners: 1, kills: 2 }],
  ['two later attempts, one of them killed', { versions: 0, writers: 0, resumers: 2, killedAttempt: true, kills: 1 }],
  ['a later attempt, a fault', { versions: 0, writers: 0, resumers: 1, killedAttempt: true, faults: 1 }],
  ['a leaning writer and a pruner, one of them killed', { versions: 2, writers: 0, leaners: 1, pruners: 1, kills: 1 }],
];

const CROWDS: readonly Named[] = [
  ['a leaning writer, a writer and a pruner', { versions: 1, writers: 1, leaners: 1, pruners: 1 }],
];

const LONG_CROWDS: readonly Named[] = [
  ['three writers', { versions: 0, writers: 3 }],
  [
    'a writer, a later attempt that takes it for dead, and a pruner',
    { versions: 1, writers: 1, resumers: 1, pruners: 1 },
  ],
  [
    'two writers, a later attempt that takes one for dead, and a pruner',
    { versions: 0, writers: 2, resumers: 1, pruners: 1 },
  ],
  ['a writer and two later attempts, one of them killed', { versions: 0, writers: 1, resumers: 2, kills: 1 }],
  ['two writers and a pruner', { versions: 1, writers: 2, pruners: 1 }],
  ['two writers and a pruner, a fault', { versions: 0, writers: 2, pruners: 1, faults: 1 }],
  [
    'a writer and a pruner, in any order of their own',
    { versions: 2, writers: 1, pruners: 1, pageSize: 1, ownOrder: 'any' },
  ],
  ['two writers that prune', { versions: 1, writers: 2, writersPrune: true }],
  ['two writers, a pruner and a cleaner', { versions: 0, writers: 2, pruners: 2, killedRun: true }],
];

async function proveAll(who: string, cast: Cast): Promise<void> {
  const { schedules, states, longest } = await exploreAll(scenario(cast));
  console.info(`${who}: ${schedules} orders of up to ${longest} requests, ${states} states`);
  expect(schedules).toBeGreaterThan(0n);
}

describe('every order of the requests keeps every promise', () => {
  it.each([...PAIRS, ...CROWDS, ...(LONG ? LONG_CROWDS : [])])('of %s', proveAll, TIMEOUT_MS);
  it.each(TROUBLE)('of %s', proveAll, TIMEOUT_MS);
});

/** Too many for every order. */
const RANDOM: readonly Named[] = [
  [
    'two writers, a pruner and a cleaner',
    { versions: 2, writers: 2, pruners: 2, killedRun: true, faults: 3, kills: 1 },
  ],
  [
    'three writers that prune, one leaning, a pruner and a restorer, one key a page',
    {
      versions: 3,
      writers: 3,
      leaners: 1,
      pruners: 1,
      restorers: 1,
      writersPrune: true,
      pageSize: 1,
      faults: 3,
      kills: 2,
    },
  ],
  [
    'two writers, three later attempts, a pruner and a cleaner',
    { versions: 2, writers: 2, resumers: 3, pruners: 2, killedRun: true, pageSize: 1, faults: 2, kills: 3 },
  ],
  [
    'an attempt taken for dead, the later one, a writer that leans on either, and a pruner that comes twice',
    {
      versions: 0,
      writers: 0,
      killedAttempt: true,
      survives: true,
      resumers: 1,
      leaners: 1,
      leanOn: 'newest',
      pruners: 1,
      prunes: 2,
    },
  ],
  [
    'three writers and a cleaner in a store that ignores conditions',
    { versions: 1, writers: 3, pruners: 1, conditionalWrites: 'ignored', faults: 2, kills: 1, timePasses: true },
  ],
];

describe(`orders by chance keep every promise (PROOF_SEED=${SEED})`, () => {
  it.each(RANDOM)(
    'of %s',
    async (who, cast) => {
      const { schedules, longest } = await exploreSome(scenario(cast), RANDOM_RUNS, SEED);
      console.info(`${who}: ${schedules} orders by chance of up to ${longest} requests, seed ${SEED}`);
    },
    TIMEOUT_MS,
  );
});
