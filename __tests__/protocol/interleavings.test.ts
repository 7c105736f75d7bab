import { expect, it } from '@jest/globals';
import { exploreAll } from './explore.ts';
import { type Cast, scenario } from './scenarios.ts';

const CASTS: readonly (readonly [who: string, cast: Cast])[] = [
  ['a leaning writer and a pruner', { versions: 2, writers: 0, leaners: 1, pruners: 1 }],
  ['a leaning writer, a writer and a pruner', { versions: 1, writers: 1, leaners: 1, pruners: 1 }],
  ['two writers and a pruner', { versions: 2, writers: 2, pruners: 1 }],
  ['three writers', { versions: 1, writers: 3 }],
  ['two writers, a pruner, a cleaner', { versions: 1, writers: 2, pruners: 2, killedRun: true }],
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
