import { Calendar } from './calendar.ts';
import { type Rule, rulesOf } from './rules.ts';
import { refuseUnknownTags } from './tag-rules.ts';
import type { Decision, Pin, Reference, RetentionPlan, RetentionPolicy, VersionFacts } from './types.ts';

/** Numbers decide. Two runs can share one in a store without conditional writes; the later claim is then the newer. */
function byAge(a: VersionFacts, b: VersionFacts): number {
  if (a.number !== b.number) return b.number - a.number;
  if (a.time.getTime() !== b.time.getTime()) return b.time.getTime() - a.time.getTime();
  return b.id < a.id ? -1 : Number(b.id > a.id);
}

/**
 * Decides which versions of one series stay. The newest version and pinned ones stay whatever the rules say; without a
 * rule all stay. Depends on nothing but its arguments, and not on the order of versions and pins.
 *
 * @returns one decision per version, newest first
 * @throws InputError for a rule that is out of range, a tag that no version has, and a zone that there is not
 */
export function planRetention(
  versions: readonly VersionFacts[],
  policy: RetentionPolicy,
  pins: readonly Pin[],
  reference: Reference,
): RetentionPlan {
  const calendar = new Calendar(reference.timezone);
  const rules = rulesOf(policy, calendar);
  refuseUnknownTags(versions, policy.keepTags);
  const newestFirst = versions.toSorted(byAge);
  const reasonsOf = reasonsByRules(rules, newestFirst);
  const isTooOld = ageLimit(policy, reference, calendar);
  const pinned = new Set(pins.map((pin) => pin.number));

  const decide = (version: VersionFacts, index: number): Decision => {
    const tooOld = isTooOld(version);
    const reasons = reasonsOf(index, tooOld);
    if (index === 0) reasons.push('newest version');
    if (pinned.has(version.number)) reasons.push('pinned');
    if (reasons.length > 0) return { version, keep: true, reasons };
    return { version, keep: false, reasons: tooOld ? [`older than ${policy.maxAge?.text}`] : otherwise(rules) };
  };
  return { decisions: newestFirst.map(decide) };
}

/** What keeps the version at an index; where it is too old, only what outlives any age. */
function reasonsByRules(rules: readonly Rule[], newestFirst: readonly VersionFacts[]) {
  const byRule = rules.map((rule) => ({ ageless: rule.ageless === true, reasons: rule.reasons(newestFirst) }));
  return (index: number, tooOld: boolean): string[] =>
    byRule.flatMap(({ ageless, reasons }) => (tooOld && !ageless ? [] : (reasons[index] ?? [])));
}

function ageLimit({ maxAge }: RetentionPolicy, { now }: Reference, calendar: Calendar) {
  if (maxAge === undefined) return () => false;
  const limit = calendar.before(now, maxAge);
  return ({ time }: VersionFacts) => time < limit;
}

function otherwise(rules: readonly Rule[]): string[] {
  return rules.map((rule) => rule.otherwise);
}

/** What holds a version that the policy would remove, by ID. */
export type Holds = ReadonlyMap<string, string>;

/** The plan with versions kept that may not be deleted, however little the policy wants them. */
export function withHolds({ decisions }: RetentionPlan, holds: Holds): RetentionPlan {
  return {
    decisions: decisions.map((decision) => {
      const hold = decision.keep ? undefined : holds.get(decision.version.id);
      return hold === undefined ? decision : { version: decision.version, keep: true, reasons: [hold] };
    }),
  };
}

/** The versions a plan keeps, newest first. */
export function keptVersions(plan: RetentionPlan): VersionFacts[] {
  return plan.decisions.filter(({ keep }) => keep).map(({ version }) => version);
}

/** The versions a plan removes, newest first. */
export function doomedVersions(plan: RetentionPlan): VersionFacts[] {
  return plan.decisions.filter(({ keep }) => !keep).map(({ version }) => version);
}
