import { LineSpool } from '../line-spool.ts';
import { absolutePathOf } from '../selection/paths.ts';
import type { Entry, FileEntry, Totals } from '../series/model.ts';
import { RunningTotals } from '../series/running-totals.ts';
import { SortedSpool } from '../sorted-spool.ts';
import { mapOrdered } from '../transfer/map-ordered.ts';
import type { Chooser } from './choose-entries.ts';
import { withoutCollisions } from './collisions.ts';
import { actionFor } from './existing.ts';
import { isSmallMember, PackedSteps } from './packed-steps.ts';
import { Parents } from './parents.ts';
import { checkEntry, type ObjectCheck, placeEntry } from './place-entry.ts';
import { inTheWay } from './refusal.ts';
import { looksTemporary } from './temporary-name.ts';
import type { Action, Placed, Plan, RestoreRules, Step, TargetDirectory } from './types.ts';

/** Files of the target that are looked at, and where need be read, at once. */
const LOOKS_AT_ONCE = 32;
/** Files that differ which an error names. */
const MAX_NAMED_CONFLICTS = 5;

export interface PlanInput {
  /** All of the version, in their order: hostile. */
  readonly entries: AsyncIterable<Entry>;
  readonly isChosen: Chooser;
  readonly objectProblem: ObjectCheck;
  readonly rules: RestoreRules;
  readonly target: TargetDirectory;
  /** Absolute; for lists that are too long for memory. */
  readonly temporaryDirectory: string;
  /** Called with the totals of the whole version once they are known; throws where they are not the record's. */
  readonly checkTotals: (totals: Totals) => void;
}

/**
 * Looks at every entry and at every place in the target before anything is written. Memory does not depend on how many
 * entries there are.
 *
 * @throws BackupError for an entry that must not be restored, and for anything in the target that is in the way
 */
export async function planRestore(input: PlanInput): Promise<Plan> {
  const sorted = new SortedSpool<Placed>(input.temporaryDirectory);
  const packed = new PackedSteps(input.temporaryDirectory);
  const steps = await LineSpool.create(input.temporaryDirectory, 'restore-plan');
  try {
    const { leftOut, naming } = await placeAll(input, sorted);
    const { fetched, ...amounts } = await decideAll(withoutCollisions(sorted.sorted()), input, { steps, packed });
    await steps.finish();
    const packs = await packed.byPack();
    const bytes = packs.reduce((sum, { needed }) => sum + needed.bytes, fetched.bytes);
    return {
      ...amounts,
      toFetch: { ...fetched, bytes },
      leftOut,
      naming,
      packs,
      steps: () => stepsOf(steps),
      close: async () => {
        await Promise.all([steps, ...packs].map((list) => list.remove()));
      },
    };
  } catch (error) {
    await steps.remove();
    throw error;
  } finally {
    await packed.remove();
    await sorted.remove();
  }
}

/** Entries that are not chosen are checked as well: a version with a hostile one is not to be trusted at all. */
async function placeAll(input: PlanInput, sorted: SortedSpool<Placed>): Promise<Pick<Plan, 'leftOut' | 'naming'>> {
  const { entries, isChosen, objectProblem, rules, target, checkTotals } = input;
  const whole = new RunningTotals();
  let [notChosen, stripped] = [0, 0];
  let naming: Plan['naming'] = 'by-name';
  for await (const entry of entries) {
    whole.add(entry);
    checkEntry(entry, objectProblem);
    // One that is not chosen may have come there by an earlier restore.
    if (looksTemporary(entry.path)) naming = 'random';
    if (!isChosen(entry)) {
      notChosen += 1;
      continue;
    }
    const placed = placeEntry(entry, rules, target);
    if (placed === undefined) stripped += 1;
    else await sorted.add(placed);
  }
  checkTotals(whole.current());
  return { leftOut: { notChosen, stripped }, naming };
}

/** What was decided: all of it in the order of the paths, and what comes out of packs in that of the packs. */
interface Decided {
  readonly steps: LineSpool;
  readonly packed: PackedSteps;
}

async function decideAll(placed: AsyncIterable<Placed>, input: PlanInput, { steps, packed }: Decided) {
  const chosen = new RunningTotals();
  const fetched = { files: 0, bytes: 0 };
  const conflicts: string[] = [];
  let [left, conflictCount] = [0, 0];
  for await (const { action, ...rest } of decisions(placed, input)) {
    chosen.add(rest.entry);
    if (action === 'conflict') {
      conflictCount += 1;
      if (conflicts.length < MAX_NAMED_CONFLICTS) conflicts.push(rest.path);
      continue;
    }
    if (action === 'leave') left += 1;
    const step: Step = { ...rest, action };
    await steps.append(`${JSON.stringify(step)}\n`);
    if (step.entry.type !== 'file' || (action !== 'write' && action !== 'replace')) continue;
    fetched.files += 1;
    if (isSmallMember(step.entry)) await packed.add({ ...step, entry: step.entry });
    else fetched.bytes += storedBytes(step.entry);
  }
  if (conflictCount > 0) throw conflictError(conflicts, conflictCount, input.target.path);
  return { totals: chosen.current(), fetched, left };
}

/** That have to be fetched for a file by itself. */
function storedBytes({ size, stored, slice }: FileEntry): number {
  return stored?.bytes ?? slice?.bytes ?? size;
}

type Decision = Placed & { readonly action: Action | 'conflict' };

/** Parents are looked at in order, what is at the places themselves in parallel. */
async function* decisions(placed: AsyncIterable<Placed>, { target, rules }: PlanInput): AsyncGenerator<Decision> {
  const parents = Parents.checking(target.path, target.style);
  const options = { overwrite: rules.overwrite, style: target.style };
  async function* withParents() {
    for await (const item of placed) {
      const isThere = !target.isFresh && (await parents.enter(item.path.split('/').slice(0, -1)));
      yield { item, isThere };
    }
  }
  yield* mapOrdered(withParents(), LOOKS_AT_ONCE, async ({ item, isThere }): Promise<Decision> => {
    if (!isThere) return { ...item, action: 'write' };
    const absolutePath = absolutePathOf(target.path, item.path, target.style);
    return { ...item, action: await actionFor(item.entry, absolutePath, options) };
  });
}

async function* stepsOf(spool: LineSpool): AsyncGenerator<Step> {
  for await (const line of spool.lines()) yield JSON.parse(line);
}

function conflictError(paths: readonly string[], count: number, target: string) {
  const named = paths.map((path) => JSON.stringify(path)).join(', ');
  const more = count > paths.length ? ` and ${count - paths.length} more` : '';
  return inTheWay(
    target,
    `has other content or modes already for ${named}${more}`,
    'Set `overwrite: changed` to replace what differs, or choose another `target`.',
    { found: String(count) },
  );
}
