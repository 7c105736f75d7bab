import { parseVersionId } from '../../src/series/version-id.ts';
import { generator } from './chance.ts';
import { checkEnd, checkNow, type Finale, NO_FAULTS, Violation } from './oracles.ts';
import { type Actor, type Limits, type Move, Stage } from './stage.ts';
import type { World } from './world.ts';

/** Who meets whom, and in what series. */
export interface Scenario {
  begin(): { readonly world: World; readonly actors: readonly Actor[] };
  readonly limits?: Limits;
  readonly finale: Finale;
}

export interface Explored {
  /** Orders of requests that lead from the beginning to an end; those that lead to the same state share their rest. */
  readonly schedules: bigint;
  readonly states: number;
  /** Requests of the longest. */
  readonly longest: number;
}

interface Node {
  readonly children: (string | undefined)[];
}

interface Progress {
  readonly nodes: Map<string, Node>;
  /** What is still to be played. */
  readonly branches: Branch[];
  /** How runs ended that have been looked at. */
  readonly ends: Set<string>;
}

interface Branch {
  /** Which move was taken at each point. */
  readonly path: readonly number[];
  readonly parent: Node | undefined;
  readonly index: number;
}

/** One run under way. */
async function start(scenario: Scenario): Promise<{ world: World; stage: Stage; moves: () => Move[] }> {
  const { world, actors } = scenario.begin();
  const stage = new Stage(actors);
  await stage.settle();
  return { world, stage, moves: () => stage.moves(scenario.limits ?? NO_FAULTS) };
}

/** The violation, with the order that led to it. */
function told(error: unknown, stage: Stage, about: string): unknown {
  if (!(error instanceof Violation)) return error;
  return new Violation(`${error.message}\n${about}\n${stage.trace.join('\n')}`);
}

/**
 * Plays every order there is. Each is played from the beginning by the real steps; where it comes to a state (of the
 * store and of what every actor was told) that was there before, the rest is known and not played again.
 *
 * @throws Violation with the order that broke a promise
 */
export async function exploreAll(scenario: Scenario): Promise<Explored> {
  const nodes = new Map<string, Node>();
  const ends = new Set<string>();
  const branches: Branch[] = [{ path: [], parent: undefined, index: 0 }];
  let root = '';
  let longest = 0;
  for (let branch = branches.pop(); branch !== undefined; branch = branches.pop()) {
    const first = await follow(scenario, branch, { nodes, branches, ends });
    if (branch.parent === undefined) root = first.key;
    longest = Math.max(longest, first.length);
  }
  return { schedules: pathsFrom(root, nodes, new Map()), states: nodes.size, longest };
}

async function follow(scenario: Scenario, branch: Branch, { nodes, branches, ends }: Progress) {
  const { world, stage, moves } = await start(scenario);
  for (const index of branch.path) await take(stage, moves(), index);
  const path = [...branch.path];
  let { parent, index } = branch;
  let firstKey: string | undefined;
  let seen = -1;
  for (;;) {
    const key = `${world.key()} ${stage.key()}`;
    firstKey ??= key;
    if (parent !== undefined) parent.children[index] = key;
    if (nodes.has(key)) return { key: firstKey, length: path.length };
    try {
      if (seen !== world.changes || world.problems.length > 0) checkNow(world);
      seen = world.changes;
    } catch (error) {
      throw told(error, stage, `in the order ${path.join(' ')}`);
    }
    const options = moves();
    const node: Node = { children: options.map(() => undefined) };
    nodes.set(key, node);
    if (options.length === 0) {
      const end = `${world.key()} ${stage.kills} ${stage.faults}`;
      if (!ends.has(end)) await checkFinale(scenario, world, stage);
      ends.add(end);
      return { key: firstKey, length: path.length };
    }
    for (let other = 1; other < options.length; other += 1) {
      branches.push({ path: [...path, other], parent: node, index: other });
    }
    await take(stage, options, 0);
    path.push(0);
    parent = node;
    index = 0;
  }
}

async function checkFinale({ finale }: Scenario, world: World, stage: Stage): Promise<void> {
  try {
    await checkEnd(world, { ...finale, successes: finale.successes - excused(world, stage, finale.resumers ?? 0) });
  } catch (error) {
    throw told(error, stage, 'after the order');
  }
}

/**
 * Who was killed, was told of a broken connection once too often or took too long, need not have succeeded; nor who was
 * taken for dead by a later attempt that was done first, or was not told of its version before a prune removed it.
 */
function excused(world: World, { kills, faults }: Stage, resumers: number): number {
  const { failures } = world;
  const transient = failures.filter((failure) => failure.includes(': transient,')).length;
  const late = failures.filter((failure) => failure.includes('took longer than `abandoned-after`')).length;
  const overtaken = failures.filter((failure) => failure.includes('was committed by another run'));
  const [removed, there] = [overtaken.filter(isOfRemoved(world)).length, overtaken.filter(isOfOther).length];
  return kills + Math.min(transient, faults) + late + Math.min(removed, resumers + faults) + Math.min(there, resumers);
}

const SAYS_REMOVED = /Version (\d+) was committed .*, and a prune has removed it since/;

const isOfOther = (failure: string) => !SAYS_REMOVED.test(failure);

/** Whether it says of a version that a prune has removed it, and a plan has named that one. */
function isOfRemoved({ named }: World): (failure: string) => boolean {
  return (failure) => {
    const number = Number(SAYS_REMOVED.exec(failure)?.[1]);
    return [...named].some((id) => parseVersionId(id)?.number === number);
  };
}

async function take(stage: Stage, moves: readonly Move[], index: number): Promise<void> {
  const move = moves[index];
  if (move === undefined) throw new Error(`There is no move ${index} of ${moves.length}: the run is not repeatable`);
  await stage.proceed(move);
}

function pathsFrom(key: string, nodes: ReadonlyMap<string, Node>, known: Map<string, bigint>): bigint {
  const before = known.get(key);
  if (before !== undefined) return before;
  const children = nodes.get(key)?.children ?? [];
  const paths = children.reduce((sum, child) => sum + (child === undefined ? 0n : pathsFrom(child, nodes, known)), 0n);
  const result = children.length === 0 ? 1n : paths;
  known.set(key, result);
  return result;
}

/**
 * In every second run an actor goes on with this probability rather than giving way: an order in which one is done before
 * another takes its next step is most unlikely where each request is drawn by itself. After Burckhardt et al., A
 * randomized scheduler with probabilistic guarantees of finding bugs, 2010: what breaks a protocol takes few changes of turn.
 */
const STAY = 0.85;

/** Plays `runs` orders by chance. The same seed plays the same. */
export async function exploreSome(scenario: Scenario, runs: number, seed: number): Promise<Explored> {
  const next = generator(seed);
  let longest = 0;
  for (let run = 0; run < runs; run += 1) {
    const { world, stage, moves } = await start(scenario);
    let [length, actor] = [0, -1];
    try {
      for (let options = moves(); options.length > 0; options = moves()) {
        const stays = run % 2 === 1 && next() < STAY ? options.findIndex((move) => move.actor === actor) : -1;
        const index = stays === -1 ? chosen(options, next) : stays;
        actor = options[index]?.actor ?? -1;
        await take(stage, options, index);
        length += 1;
        checkNow(world);
      }
    } catch (error) {
      throw told(error, stage, `with the seed ${seed}, run ${run}`);
    }
    await checkFinale(scenario, world, stage);
    longest = Math.max(longest, length);
  }
  return { schedules: BigInt(runs), states: 0, longest };
}

/** Faults are rare, so that runs come far. */
function chosen(options: readonly Move[], next: () => number): number {
  const plain = options.filter(({ fault }) => fault === undefined).length;
  const from = next() < 0.02 ? options.length : plain;
  return Math.floor(next() * from);
}
