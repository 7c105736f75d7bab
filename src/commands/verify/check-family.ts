import type { Drill } from '../../report/verify/types.ts';
import type { VersionFacts } from '../../retention/types.ts';
import type { VersionRecord } from '../../series/record.ts';
import { SortedSpool } from '../../sorted-spool.ts';
import type { PackedReference } from '../../verification/packed-references.ts';
import { expectedObjects, type Reference } from '../../verification/references.ts';
import type { Damage } from '../../verification/types.ts';
import { ProgressReporter } from '../progress-reporter.ts';
import { checkObjects, type Depth } from './check-objects.ts';
import { checkPacks } from './check-packs.ts';
import { drillRestore } from './drill.ts';
import { type Expected, type GatheredVersion, gather } from './gather.ts';
import type { VerifyContext } from './request.ts';

/** A version whose record was read. */
export interface Member {
  readonly version: VersionFacts;
  readonly record: VersionRecord;
}

/**
 * Verifies versions that share objects: indexes → drills → objects.
 * @returns the drills that succeeded, by version ID
 */
export async function checkFamily(
  members: readonly Member[],
  context: VerifyContext,
): Promise<ReadonlyMap<string, Drill>> {
  const expected = {
    objects: new SortedSpool<Reference>(context.scratch),
    packed: new SortedSpool<PackedReference>(context.scratch),
  };
  const gathered: GatheredVersion[] = [];
  try {
    for (const { version, record } of members) {
      const found = await gather(version, record, expected, context);
      if (found !== undefined) gathered.push(found);
    }
    const { level } = context.request;
    if (level !== 'restore') {
      await check(gathered, expected, level, context);
      return new Map();
    }
    const { drills, damages } = await drillAll(gathered, context);
    // A restore stops at the first thing that is wrong; reading everything names the rest.
    await check(gathered, expected, damages.length === 0 ? 'sizes' : 'data', context);
    await addUnnamed(damages, context);
    return drills;
  } finally {
    await Promise.all([expected.objects.remove(), expected.packed.remove()]);
    await Promise.all(gathered.map(({ index }) => index.close()));
  }
}

async function check(
  family: readonly GatheredVersion[],
  expected: Expected,
  depth: Depth,
  context: VerifyContext,
): Promise<void> {
  const progress = new ProgressReporter(totalOf(family), context);
  const packs = await checkObjects(family, expectedObjects(expected.objects.sorted()), depth, context, progress);
  if (packs.length > 0) await checkPacks(packs, expected.packed, context, progress);
}

function totalOf(family: readonly GatheredVersion[]) {
  const sum = (pick: (record: VersionRecord) => number) =>
    family.reduce((total, { record }) => total + pick(record), 0);
  return { files: sum(({ totals }) => totals.files), bytes: sum(({ totals }) => totals.bytes) };
}

async function drillAll(family: readonly GatheredVersion[], context: VerifyContext) {
  const drills = new Map<string, Drill>();
  const damages: Damage[] = [];
  for (const gathered of family.filter(({ isWhole }) => isWhole)) {
    const result = await drillRestore(gathered, context);
    if ('drill' in result) drills.set(gathered.version.id, result.drill);
    else damages.push(...result.damages);
  }
  return { drills, damages };
}

/** A drill that failed for what has been named by now needs no second line. */
async function addUnnamed(damages: readonly Damage[], { findings }: VerifyContext): Promise<void> {
  for (const damage of damages) {
    const isNamed = damage.versions.every((id) => findings.stateOf(id) === 'damaged');
    if (!isNamed || damage.path !== undefined) await findings.addDamage(damage);
  }
}
