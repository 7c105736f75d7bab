import { MemoryStore, type MemoryStoreOptions } from '../../src/store/memory.ts';
import type { ObjectKey } from '../../src/store/object-key.ts';
import type { ListedObject, ObjectBody, PutOptions, StoredObject } from '../../src/store/object-store.ts';

/** Waits until the schedule lets this actor go on. */
export type Turn = () => Promise<void>;

export type Actor<R> = (turn: Turn) => Promise<R>;

/** What could have gone on at one point of a run, and what did. */
export interface Choice {
  readonly options: readonly number[];
  readonly chosen: number;
}

/** One actor's view of a shared store: each request waits for its turn and then happens at once. */
export class TurnStore extends MemoryStore {
  readonly #shared: MemoryStore;
  readonly #turn: Turn;

  constructor(shared: MemoryStore, turn: Turn, options: MemoryStoreOptions) {
    super(options);
    this.#shared = shared;
    this.#turn = turn;
  }

  override async put(key: ObjectKey, body: Uint8Array, options?: PutOptions): Promise<StoredObject> {
    await this.#turn();
    return this.#shared.put(key, body, options);
  }

  override async get(key: ObjectKey): Promise<ObjectBody> {
    await this.#turn();
    return this.#shared.get(key);
  }

  override async *list(prefix: string): AsyncGenerator<ListedObject> {
    await this.#turn();
    yield* await Array.fromAsync(this.#shared.list(prefix));
  }
}

/** Actors that wait for their turns. */
class Stage<R> {
  readonly results = new Map<number, R>();
  readonly #waiting = new Map<number, () => void>();
  readonly #actors: number;
  #changed = Promise.withResolvers<void>();

  constructor(actors: readonly Actor<R>[]) {
    this.#actors = actors.length;
    for (const [index, actor] of actors.entries()) void this.#play(index, actor);
  }

  /** Who could go on, once everybody waits or is done. */
  async options(): Promise<number[]> {
    while (this.#waiting.size + this.results.size < this.#actors) {
      await this.#changed.promise;
      this.#changed = Promise.withResolvers();
    }
    return [...this.#waiting.keys()].sort();
  }

  proceed(index: number): void {
    const resolve = this.#waiting.get(index);
    this.#waiting.delete(index);
    resolve?.();
  }

  async #play(index: number, actor: Actor<R>): Promise<void> {
    const turn = () =>
      new Promise<void>((resolve) => {
        this.#waiting.set(index, resolve);
        this.#changed.resolve();
      });
    this.results.set(index, await actor(turn));
    this.#changed.resolve();
  }
}

/** Runs actors in the order a schedule names; after its end the first one that is not done goes on. */
export async function interleave<R>(
  schedule: readonly number[],
  actors: readonly Actor<R>[],
): Promise<{ results: readonly R[]; choices: readonly Choice[] }> {
  const stage = new Stage(actors);
  const choices: Choice[] = [];
  for (let options = await stage.options(); options[0] !== undefined; options = await stage.options()) {
    const wanted = schedule[choices.length];
    const chosen = wanted !== undefined && options.includes(wanted) ? wanted : options[0];
    choices.push({ options, chosen });
    stage.proceed(chosen);
  }
  return { results: [...stage.results.entries()].sort(([a], [b]) => a - b).map(([, result]) => result), choices };
}

/**
 * Runs every order there is of the actors' first `depth` turns, each once.
 * @param begin sets the scene anew for each run
 * @returns the number of orders
 */
export async function everyInterleaving<R>(
  depth: number,
  begin: () => readonly Actor<R>[],
  check: (results: readonly R[], order: string) => Promise<void>,
): Promise<number> {
  const schedules: number[][] = [[]];
  let runs = 0;
  for (let schedule = schedules.pop(); schedule !== undefined; schedule = schedules.pop()) {
    runs += 1;
    const { results, choices } = await interleave(schedule, begin());
    const chosen = choices.map((choice) => choice.chosen);
    await check(results, chosen.join(' '));
    for (const [index, { options }] of choices.entries()) {
      if (index < schedule.length || index >= depth) continue;
      const others = options.filter((option) => option !== chosen[index]);
      schedules.push(...others.map((option) => [...chosen.slice(0, index), option]));
    }
  }
  return runs;
}
