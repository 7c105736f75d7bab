import { expect, it } from '@jest/globals';
import { exploreAll } from './explore.ts';
import { type Cast, scenario } from './scenarios.ts';

const CASTS: readonly (readonly [who: string, cast: Cast])[] = [
  ['a writer and a pruner', { versions: 2, writers: 1, pruners: 1 }],
  ['a writer with two faults', { versions: 1, writers: 1, faults: 2 }],
  ['two writers, a fault', { versions: 1, writers: 2, faults: 1 }],
  ['two writers, no conditions, a fault', { versions: 1, writers: 2, conditionalWrites: 'ignored', faults: 1 }],
  ['a leaning writer, a writer and a pruner', { versions: 1, writers: 1, leaners: 1, pruners: 1 }],
  ['a writer and a pruner, one key a page, any', { versions: 2, writers: 1, pruners: 1, pageSize: 1, ownOrder: 'any' }],
  ['three writers', { versions: 0, writers: 3 }],
  ['two writers and a pruner', { versions: 1, writers: 2, pruners: 1 }],
  ['two writers that prune', { versions: 1, writers: 2, writersPrune: true }],
  ['two writers, a pruner and a cleaner', { versions: 0, writers: 2, pruners: 2, killedRun: true }],
];

it.each(CASTS)(
  'of %s',
  async (_who, cast) => {
    const c = process.cpuUsage();
    const explored = await exploreAll(scenario(cast));
    console.log(_who, explored, process.cpuUsage(c).user / 1e6);
    expect(explored.schedules).toBeGreaterThan(0n);
  },
  1000000,
);
