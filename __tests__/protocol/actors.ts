import { tmpdir } from 'node:os';
import { BackupError } from '../../src/errors.ts';
import { planRetention } from '../../src/retention/plan.ts';
import { checkBase } from '../../src/series/base-check.ts';
import { listClaims, listPins, listVersions } from '../../src/series/catalogue.ts';
import { type ClaimRequest, claimNumber, type OwnedClaim } from '../../src/series/claim-number.ts';
import { commit } from '../../src/series/commit.ts';
import { type PruneTask, prune } from '../../src/series/prune.ts';
import { claimReader } from '../../src/series/prune-claims.ts';
import type { PruneOutcome } from '../../src/series/prune-outcome.ts';
import { encodeRecord } from '../../src/series/record.ts';
import { readRecord } from '../../src/series/records.ts';
import { isOvertaken, resumeClaim } from '../../src/series/resume-claim.ts';
import { checkStillClaimed } from '../../src/series/still-claimed.ts';
import { parseVersionId } from '../../src/series/version-id.ts';
import { objectKey } from '../../src/store/object-key.ts';
import type { ObjectStore } from '../../src/store/object-store.ts';
import { KEYS, RECORD, RUN } from '../series/series-fixture.ts';
import { makeVersion } from './series.ts';
import { type Actor, numberOf } from './stage.ts';
import { StepStore } from './step-store.ts';
import { ABANDONED_AFTER_MS, type Contents, portsOf, type World } from './world.ts';

/** The parts of the protocol that a mutation may put another in the place of. */
export interface Steps {
  readonly prune: (task: PruneTask) => Promise<PruneOutcome>;
  readonly claimAndCheck: typeof claimAndCheck;
  readonly resume: typeof resumeClaim;
  /** Where an attempt stores its own. */
  readonly turnOf: (owned: OwnedClaim) => number;
  /** What stands between an actor and the store. */
  readonly view: (store: ObjectStore) => ObjectStore;
}

export const REAL: Steps = {
  prune,
  claimAndCheck,
  resume: resumeClaim,
  turnOf: ({ resumed }) => resumed?.turn ?? 1,
  view: (store) => store,
};

/** The order that everything rests on: the claim first, the look at the base then. */
async function claimAndCheck(
  store: ObjectStore,
  request: ClaimRequest,
  ports: ReturnType<typeof portsOf>,
): Promise<OwnedClaim> {
  const owned = await claimNumber(store, KEYS, request, ports);
  const base = baseOf(owned.claim.leansOn);
  if (base !== undefined) checkBase(owned.versions, base, KEYS);
  return owned;
}

/** Of a base and what it leans on, the base is the newest. */
export function baseOf(leansOn: readonly string[]): string | undefined {
  const numberOf = (id: string) => parseVersionId(id)?.number ?? 0;
  return leansOn.toSorted((a, b) => numberOf(a) - numberOf(b)).at(-1);
}

export function actor(world: World, steps: Steps, work: (store: ObjectStore) => Promise<void>): Actor {
  return async (enqueue) => {
    try {
      await work(steps.view(new StepStore(world, enqueue)));
    } catch (error) {
      world.problems.push(`an actor failed: ${error instanceof Error ? error.stack : String(error)}`);
    }
  };
}

export interface WriterOptions {
  /** Versions to keep in the prune after the backup. Absent: none. */
  readonly keepLast?: number;
  /** Whether it is an incremental version, and on which. */
  readonly leans?: 'oldest' | 'newest' | undefined;
  readonly steps?: Steps;
}

/** A backup: catalogue → claim → data → index → record, and a prune if it is asked for one. */
export function writer(world: World, name: string, { keepLast, leans, steps = REAL }: WriterOptions = {}): Actor {
  return actor(world, steps, async (store) => {
    const owned = await write(world, store, { name, steps, leans }, portsOf(name));
    if (owned === undefined || keepLast === undefined) return;
    await applyPolicy(world, store, keepLast, steps, owned.key);
  });
}

async function write(
  world: World,
  store: ObjectStore,
  task: Pick<WriterOptions, 'leans'> & { readonly name: string; readonly steps: Steps },
  ports: ReturnType<typeof portsOf>,
): Promise<OwnedClaim | undefined> {
  const { name, steps, leans } = task;
  try {
    const [versions, claims] = await Promise.all([listVersions(store, KEYS), listClaims(store, KEYS)]);
    // What it leans on it has read beforehand; the oldest is the one a prune takes first.
    const leaned = leans && versions.at(leans === 'oldest' ? 0 : -1);
    const base = leaned && (await readRecord(store, KEYS, leaned.id));
    const request: ClaimRequest = {
      type: base === undefined ? 'full' : 'incremental',
      run: RUN,
      leansOn: base === undefined ? [] : [...new Set([base.id, ...base.leansOn])].sort(),
      versions,
      claims,
      conditionalWritesKnown: world.conditionalWrites === 'enforced',
      attributes: () => ({}),
    };
    const owned = await steps.claimAndCheck(store, request, ports);
    const { id } = owned.claim;
    const made = makeVersion(id, `file of ${name}`, leanedOn(world, base?.id));
    for (const [key, text] of made.contents) if (key.startsWith(KEYS.dataPrefix(id))) await put(store, key, text);
    try {
      await commitData(world, store, owned, made, ports);
      return owned;
    } catch (error) {
      if (!isOvertaken(error, owned)) throw error;
    }
    return write(world, store, task, ports);
  } catch (error) {
    noteFailure(world, name, error);
    return undefined;
  }
}

export function noteFailure(world: World, name: string, error: unknown): void {
  if (!(error instanceof BackupError)) throw error;
  world.failures.push(`${name}: ${error.class}, ${error.message}`);
}

/** Writes the record of what is stored, and reports it. */
export async function commitData(
  world: World,
  store: ObjectStore,
  { claim, key: claimKey, time, resumed, conditionalWrites }: OwnedClaim,
  { contents, index }: ReturnType<typeof makeVersion>,
  ports: ReturnType<typeof portsOf>,
): Promise<void> {
  const { id, number, nonce, leansOn } = claim;
  await checkStillClaimed(store, { key: claimKey, time: resumed?.since ?? time }, ABANDONED_AFTER_MS);
  const type = leansOn.length === 0 ? ('full' as const) : ('incremental' as const);
  const record = { ...RECORD, id, number, type, nonce, leansOn, index, time: time.toISOString() };
  world.prepared.set(numberOf(Buffer.from(encodeRecord(record)).toString('latin1')), contents);
  world.commits += 1;
  await commit(store, { keys: KEYS, record, attributes: {}, conditionalWrites }, ports).finally(() => {
    world.commits -= 1;
  });
  world.report(id);
}

/** The files of the base: nothing has changed since. */
function leanedOn(world: World, base: string | undefined): Contents {
  const all = base === undefined ? [] : [...(world.versions.get(base) ?? [])];
  return new Map(all.filter(([key]) => !key.endsWith('.zst')));
}

/** Data is sent again by those who send it, where that may help. */
export async function put(store: ObjectStore, key: string, text: string): Promise<void> {
  try {
    await store.put(objectKey(key), Buffer.from(text, 'latin1'));
  } catch (error) {
    if (!(error instanceof BackupError) || error.class !== 'transient') throw error;
    await store.put(objectKey(key), Buffer.from(text, 'latin1'));
  }
}

/** A prune by itself, or several; it also cleans up after killed runs. */
export function pruner(world: World, keepLast: number, steps: Steps = REAL, prunes = 1): Actor {
  return actor(world, steps, async (store) => {
    for (let prune = 1; prune <= prunes; prune += 1) {
      const { failure } = await applyPolicy(world, store, keepLast, steps);
      if (failure !== undefined && !failure.includes('is incremental and may need'))
        world.problems.push(`a prune failed: ${failure}`);
    }
  });
}

async function applyPolicy(
  world: World,
  store: ObjectStore,
  keepLast: number,
  steps: Steps,
  ownClaim?: PruneTask['ownClaim'],
): Promise<PruneOutcome> {
  const [versions, pins] = await Promise.all([listVersions(store, KEYS), listPins(store, KEYS)]);
  const plan = planRetention(versions, { keepLast }, pins, { now: store.now(), timezone: 'UTC' });
  for (const { version, keep } of plan.decisions) if (!keep) world.named.add(version.id);
  return steps.prune({
    store,
    keys: KEYS,
    plan,
    versioning: 'off',
    pruneNoncurrent: false,
    abandonedAfterMs: ABANDONED_AFTER_MS,
    readClaim: claimReader(store),
    temporaryDirectory: tmpdir(),
    ...(ownClaim ? { ownClaim } : { sweepsUploads: true }),
  });
}

/** Restores the newest version it finds, as far as the store is concerned. */
export function restorer(world: World): Actor {
  return actor(world, REAL, async (store) => {
    const newest = (await listVersions(store, KEYS)).at(-1);
    if (newest === undefined) return;
    try {
      await readRecord(store, KEYS, newest.id);
      for (const [key, text] of world.versions.get(newest.id) ?? []) {
        const { body } = await store.get(objectKey(key));
        const found = Buffer.concat(await Array.fromAsync(body)).toString('latin1');
        if (found !== text) world.problems.push(`${key} was restored as ${found}`);
      }
    } catch (error) {
      const isGone = error instanceof BackupError && error.class === 'not-found';
      if (!isGone || !world.named.has(newest.id)) {
        world.problems.push(`${newest.id} could not be restored, and no plan had named it: ${String(error)}`);
      }
    }
  });
}

/** Once, at any moment, more time goes by than runs are given; but for a request that is under way, which breaks off. */
export function timePassing(world: World): Actor {
  return (enqueue) =>
    new Promise((resolve) => {
      const perform = async () => {
        if (world.commits === 0) world.nowMs += ABANDONED_AFTER_MS + 1000;
        resolve();
        return 'passed';
      };
      enqueue({ label: 'time passes', faults: [], perform });
    });
}
