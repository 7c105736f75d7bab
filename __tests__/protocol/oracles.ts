import { parseVersionId } from '../../src/series/version-id.ts';
import { KEYS } from '../series/series-fixture.ts';
import { pruner, writer } from './actors.ts';
import { type Limits, Stage } from './stage.ts';
import { ABANDONED_AFTER_MS, type World } from './world.ts';

/** A promise of ARCHITECTURE.md that was broken. */
export class Violation extends Error {}

const numbersOfIds = new Map<string, number | undefined>();

function numberOfId(id: string): number | undefined {
  if (!numbersOfIds.has(id)) numbersOfIds.set(id, parseVersionId(id)?.number);
  return numbersOfIds.get(id);
}

/** What has to hold at every moment. */
export function checkNow(world: World): void {
  for (const problem of world.problems) throw new Violation(problem);
  if (!world.foreignIsUntouched()) throw new Violation('something outside the series has changed');
  const visible = visibleIds(world);
  for (const id of visible) checkComplete(world, id);
  for (const id of world.reported) {
    if (!world.named.has(id) && !visible.includes(id)) {
      throw new Violation(`${id} was reported as a success and is gone, though no plan named it`);
    }
  }
  const ids = [...new Set([...visible, ...world.reported])];
  if (new Set(ids.map(numberOfId)).size < ids.length) throw new Violation(`two versions have one number: ${ids}`);
}

function visibleIds({ objects }: World): string[] {
  const ids: string[] = [];
  for (const key of objects.keys()) {
    if (!key.startsWith(KEYS.versionsPrefix)) continue;
    const id = key.slice(KEYS.versionsPrefix.length, -'.json'.length);
    if (numberOfId(id) !== undefined) ids.push(id);
  }
  return ids;
}

/** What is visible is whole. */
function checkComplete(world: World, id: string): void {
  const contents = world.versions.get(id);
  if (contents === undefined) throw new Violation(`${id} is visible, and nobody wrote it`);
  for (const [key, text] of contents) {
    if (!world.has(key, text)) throw new Violation(`${id} is visible, but ${key} is not what was stored`);
  }
}

export interface Finale {
  /** How many writers have to have been told of their version. */
  readonly successes: number;
  /** Of these, later attempts at a version: whom they overtake need not succeed. */
  readonly resumers?: number;
  /** Policy of the series. */
  readonly keepLast: number;
}

/**
 * What has to hold once all is over: without a manual step the next run succeeds, and one clean prune past the age at
 * which runs count as killed leaves nothing that belongs to no version.
 */
export async function checkEnd(world: World, { successes, keepLast }: Finale): Promise<void> {
  if (world.successes < successes) {
    throw new Violation(`${successes} writers should have succeeded: ${world.failures.join('; ') || 'no failure'}`);
  }
  world.nowMs += ABANDONED_AFTER_MS + 1000;
  const before = world.successes;
  await alone(world, writer(world, 'fresh'));
  if (world.successes !== before + 1) throw new Violation(`a fresh run failed: ${world.failures.join('; ')}`);
  world.nowMs += ABANDONED_AFTER_MS + 1000;
  await alone(world, pruner(world, keepLast));
  // Without conditions a claim that lost its number is told from the winner's only once the winner's version is gone.
  if (world.conditionalWrites === 'ignored') await alone(world, pruner(world, keepLast));
  checkNow(world);
  checkNoGarbage(world);
}

async function alone(world: World, actor: ConstructorParameters<typeof Stage>[0][number]): Promise<void> {
  const stage = new Stage([actor]);
  await stage.settle();
  for (let [move] = stage.moves(NO_FAULTS); move !== undefined; [move] = stage.moves(NO_FAULTS)) {
    await stage.proceed(move);
    checkNow(world);
  }
}

export const NO_FAULTS: Limits = { faults: 0, kills: 0, ownOrder: 'asked' };

function checkNoGarbage(world: World): void {
  const visible = visibleIds(world);
  const numbers = new Set(visible.map(numberOfId));
  const belonging = new Set(visible.flatMap((id) => [KEYS.record(id), ...(world.versions.get(id)?.keys() ?? [])]));
  const turns = [...world.objects.keys()]
    .map((key) => KEYS.parseClaim(key))
    .filter((claim) => claim?.turn !== undefined);
  const resumed = visible.filter((id) => turns.some((claim) => claim?.number === numberOfId(id)));
  const garbage = [...world.objects.keys()].filter((key) => {
    if (!key.startsWith(KEYS.base) || belonging.has(key as never)) return false;
    // What earlier attempts have stored and the last one had no use for goes with the version.
    if (resumed.some((id) => key.startsWith(KEYS.dataPrefix(id)))) return false;
    const claim = KEYS.parseClaim(key);
    if (claim !== undefined) return !numbers.has(claim.number);
    return key.startsWith(KEYS.dataRoot) ? !key.includes('/unknown/') : key.startsWith(KEYS.versionsPrefix);
  });
  if (garbage.length > 0) throw new Violation(`garbage is left: ${garbage.join(', ')}`);
}
