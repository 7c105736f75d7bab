import { pruner, REAL, restorer, type Steps, timePassing, writer } from './actors.ts';
import type { Scenario } from './explore.ts';
import { resumer, survivor } from './resumer.ts';
import { plantKilledAttempt, plantKilledRun, plantVersion } from './series.ts';
import type { Actor, Limits } from './stage.ts';
import { World, type WorldOptions } from './world.ts';

export interface Cast extends WorldOptions {
  /** Versions there are at the beginning: 1, 2, 3 … */
  readonly versions: number;
  /** Whether a run was killed after them, long ago. */
  readonly killedRun?: boolean;
  /** Whether the first attempt of a run was killed after them, just now. */
  readonly killedAttempt?: boolean;
  /** Whether it was not dead after all, and commits. */
  readonly survives?: boolean;
  readonly writers: number;
  /** Of incremental versions, which a prune may take the base from. */
  readonly leaners?: number;
  /** Which version they lean on. Default: the oldest. */
  readonly leanOn?: 'oldest' | 'newest';
  /** Later attempts of the run of all writers, which go on with what they find; alive or not. */
  readonly resumers?: number;
  /** Whether their file has changed in the meantime. */
  readonly changed?: boolean;
  readonly pruners?: number;
  /** Of each pruner, one after the other. Default 1. */
  readonly prunes?: number;
  readonly restorers?: number;
  /** What prunes keep. */
  readonly keepLast?: number;
  /** Whether writers prune once they are done. */
  readonly writersPrune?: boolean;
  /** Whether more time than runs are given may go by at any moment. */
  readonly timePasses?: boolean;
  readonly faults?: number;
  readonly kills?: number;
  /** Default `asked`. */
  readonly ownOrder?: Limits['ownOrder'];
  readonly steps?: Steps;
}

/** Who meets whom. Every writer that is not killed has to succeed. */
export function scenario({ versions, writers, keepLast = 1, steps = REAL, ...cast }: Cast): Scenario {
  const {
    killedRun = false,
    killedAttempt = false,
    leaners = 0,
    resumers = 0,
    pruners = 0,
    restorers = 0,
    writersPrune = false,
    faults = 0,
    kills = 0,
    ownOrder = 'asked',
  } = cast;
  return {
    begin() {
      const world = new World(cast);
      for (let number = 1; number <= versions; number += 1) plantVersion(world, number);
      if (killedRun) plantKilledRun(world, versions + 1);
      const attempt = killedAttempt ? plantKilledAttempt(world, versions + 1) : undefined;
      const actors: Actor[] = [
        ...named(writers).map((name) => writer(world, name, { steps, ...(writersPrune && { keepLast }) })),
        ...named(leaners).map((name) => writer(world, `leaning ${name}`, { steps, leans: cast.leanOn ?? 'oldest' })),
        ...named(resumers).map((name) => resumer(world, name, steps, cast.changed ? 'changed' : undefined)),
        ...named(pruners).map(() => pruner(world, keepLast, steps, cast.prunes)),
        ...(cast.survives && attempt !== undefined ? [survivor(world, attempt, steps)] : []),
        ...named(restorers).map(() => restorer(world)),
        ...(cast.timePasses ? [timePassing(world)] : []),
      ];
      return { world, actors };
    },
    limits: { faults, kills, ownOrder },
    finale: { successes: versions + writers + resumers, resumers, keepLast },
  };
}

function named(count: number): string[] {
  return Array.from({ length: count }, (_, index) => String.fromCharCode(65 + index));
}
