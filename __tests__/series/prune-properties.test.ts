import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { doomedVersions, keptVersions, withHolds } from '../../src/retention/plan.ts';
import type { RetentionPlan } from '../../src/retention/types.ts';
import { formatVersionId } from '../../src/series/version-id.ts';
import { DAY_MS, Series } from './prune-fixture.ts';

const CASES = 10_000;
const TIMEOUT_MS = 300_000;
const PATHS = ['a', 'b'];

/** A version, by how far back lies the one whose entry of a path it takes over; 0: it has an object of its own. */
const anyVersion = fc.tuple(fc.nat(2), fc.nat(2));
/** Places in the series. */
const anyPlaces = fc.subarray([0, 1, 2]);
const anyPrune = fc.record({ keepLast: fc.integer({ min: 1, max: 2 }), pinned: anyPlaces, locked: anyPlaces });
const anyCase = fc.record({
  versions: fc.array(anyVersion, { minLength: 1, maxLength: 3 }),
  /** What the claim of a run that was killed leans on; absent: there is none. */
  dead: fc.option(anyPlaces, { nil: undefined }),
  /** The same of a run at work. */
  live: fc.option(anyPlaces, { nil: undefined }),
  /** One after the other, so that the later ones meet bases whose records are gone. */
  prunes: fc.array(anyPrune, { minLength: 1, maxLength: 2 }),
});
type Case = typeof anyCase extends fc.Arbitrary<infer T> ? T : never;

interface Scene {
  readonly series: Series;
  readonly ids: readonly string[];
  /** Keys that a version cannot be read without. */
  readonly needs: ReadonlyMap<string, readonly string[]>;
  /** Keys that nobody may touch as long as the run is at work. */
  readonly ofLive: readonly string[];
}

async function build({ versions, dead, live }: Case): Promise<Scene> {
  const series = new Series();
  const { keys } = series;
  const ids: string[] = [];
  const needs = new Map<string, readonly string[]>();
  const ownersOf: Record<string, string>[] = [];
  for (const [place, back] of versions.entries()) {
    const owners = PATHS.map((path, at) => ownersOf[place - (back[at] ?? 0)]?.[path]);
    const id = owners.some((owner) => owner !== undefined)
      ? await series.leaning(place + 1, Object.fromEntries(PATHS.map((path, at) => [path, owners[at]])))
      : await series.committed(place + 1, { files: PATHS });
    const all = Object.fromEntries(PATHS.map((path, at) => [path, owners[at] ?? id]));
    ids.push(id);
    ownersOf.push(all);
    const objects = PATHS.map((path) => keys.file(all[path] ?? '', path));
    needs.set(id, [keys.record(id), keys.index(id), keys.claim({ number: place + 1 }), ...objects]);
  }
  const at = (places: readonly number[]) => ids.filter((_, place) => places.includes(place));
  if (dead !== undefined) await claimOf(series, ids.length + 1, at(dead));
  series.nowMs += 8 * DAY_MS;
  const ofLive = live === undefined ? [] : await keysOfLive(series, ids.length + 2, at(live));
  return { series, ids, needs, ofLive };
}

/** @returns the keys of the run itself */
async function claimOf(series: Series, number: number, leansOn: readonly string[]): Promise<string[]> {
  const id = formatVersionId({ series: 'dist', type: 'incremental', time: new Date(series.nowMs), number });
  const file = series.keys.file(id, 'a');
  await series.store.put(file, Buffer.from('12345'));
  return [file, await series.claim(number, id, undefined, leansOn)];
}

async function keysOfLive(series: Series, number: number, bases: readonly string[]): Promise<string[]> {
  const stored = bases.length > 0 ? await series.visible(series.keys.dataRoot) : [];
  const ofBases = stored.filter((key) => bases.some((id) => key.startsWith(series.keys.dataPrefix(id))));
  return [...(await claimOf(series, number, bases)), ...ofBases];
}

type Prune = Case['prunes'][number];

/** The plan by rules, pins and locks, as a prune makes it. */
async function planOf({ series, ids }: Scene, { keepLast, pinned, locked }: Prune): Promise<RetentionPlan> {
  const holds = new Map(locked.map((place) => [ids[place] ?? '', 'locked']));
  const pins = pinned.map((place) => ({ number: place + 1 }));
  return withHolds(await series.plan({ keepLast }, pins), holds);
}

/** @returns what a plan removes of what it must keep */
function wronglyDoomed({ ids }: Scene, plan: RetentionPlan, { pinned, locked }: Prune): string[] {
  const newest = plan.decisions.slice(0, 1).map(({ version }) => version.id);
  const held = [...pinned, ...locked].map((place) => ids[place] ?? '');
  return doomedVersions(plan)
    .map(({ id }) => id)
    .filter((id) => newest.includes(id) || held.includes(id));
}

it(
  'what is needed survives: by kept versions, pins, locks and runs at work, whatever is removed beside it',
  async () => {
    let shared = 0;
    const property = fc.asyncProperty(anyCase, async (one) => {
      const scene = await build(one);
      const { series, needs, ofLive } = scene;
      for (const prune of one.prunes) {
        const plan = await planOf(scene, prune);
        const { warnings, failure } = await series.prune({}, { plan });
        const after = new Set(await series.visible());
        const needed = [...keptVersions(plan).flatMap(({ id }) => needs.get(id) ?? []), ...ofLive];
        const lost = needed.filter((key) => !after.has(key));
        const wrong = [...wronglyDoomed(scene, plan, prune), ...lost, ...warnings, failure].filter(Boolean);
        // An assertion takes longer than a prune does, so it is made for what is wrong only.
        if (wrong.length > 0) expect(wrong).toEqual([]);
        const doomed = doomedVersions(plan).map(({ id }) => series.keys.dataPrefix(id));
        if (doomed.some((prefix) => needed.some((key) => key.startsWith(prefix)))) shared += 1;
      }
    });
    await fc.assert(property, { numRuns: CASES });
    // Else little of it was about what is needed and could have gone.
    expect(shared).toBeGreaterThan(CASES / 10);
  },
  TIMEOUT_MS,
);
