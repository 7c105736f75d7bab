import { rulesOf } from './rules.ts';
import type { Decision, Pin, RetentionPlan, RetentionPolicy, VersionFacts } from './types.ts';

/** Numbers decide. Two runs can share one in a store without conditional writes; the later claim is then the newer. */
function byAge(a: VersionFacts, b: VersionFacts): number {
  if (a.number !== b.number) return b.number - a.number;
  if (a.time.getTime() !== b.time.getTime()) return b.time.getTime() - a.time.getTime();
  return b.id < a.id ? -1 : Number(b.id > a.id);
}

/**
 * Decides which versions of one series stay. The newest version and pinned ones stay whatever the rules say; without a
 * rule all stay. Depends on nothing but its arguments, and not on their order.
 *
 * @returns one decision per version, newest first
 * @throws InputError for a rule that is out of range
 */
export function planRetention(
  versions: readonly VersionFacts[],
  policy: RetentionPolicy,
  pins: readonly Pin[],
): RetentionPlan {
  const newestFirst = versions.toSorted(byAge);
  const rules = rulesOf(policy);
  const reasonsByRule = rules.map((rule) => rule.reasons(newestFirst));
  const removal = rules.map((rule) => rule.otherwise);
  const pinned = new Set(pins.map((pin) => pin.number));

  const decide = (version: VersionFacts, index: number): Decision => {
    const reasons = reasonsByRule.flatMap((ofRule) => ofRule[index] ?? []);
    if (index === 0) reasons.push('newest version');
    if (pinned.has(version.number)) reasons.push('pinned');
    return reasons.length > 0 ? { version, keep: true, reasons } : { version, keep: false, reasons: removal };
  };
  return { decisions: newestFirst.map(decide) };
}

/** The versions a plan keeps, newest first. */
export function keptVersions(plan: RetentionPlan): VersionFacts[] {
  return plan.decisions.filter(({ keep }) => keep).map(({ version }) => version);
}

/** The versions a plan removes, newest first. */
export function doomedVersions(plan: RetentionPlan): VersionFacts[] {
  return plan.decisions.filter(({ keep }) => !keep).map(({ version }) => version);
}
