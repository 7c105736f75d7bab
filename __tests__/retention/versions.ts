import { parseSpan } from '../../src/inputs/retention-policy.ts';
import type { Span } from '../../src/retention/calendar.ts';
import { planRetention } from '../../src/retention/plan.ts';
import type { Pin, Reference, RetentionPlan, RetentionPolicy, VersionFacts } from '../../src/retention/types.ts';
import { formatVersionId } from '../../src/series/version-id.ts';

/** A version as the catalogue lists it. */
export function versionAt(number: number, time: Date | string, tags?: Readonly<Record<string, string>>): VersionFacts {
  const parts = { series: 'dist', type: 'full', time: new Date(time), number } as const;
  const facts = { id: formatVersionId(parts), number, type: parts.type, time: parts.time };
  return tags === undefined ? facts : { ...facts, tags };
}

/** One version at each of these times, numbered from 1. */
export function versionsAt(times: readonly (Date | string)[]): VersionFacts[] {
  return times.map((time, index) => versionAt(index + 1, time));
}

/** Shortly after all that tests call the present. */
export const AT: Reference = { now: new Date('2027-01-01T00:00:00Z'), timezone: 'UTC' };

export function span(text: string): Span {
  const parsed = parseSpan(text);
  if (parsed === undefined) throw new Error(`${text} is no span`);
  return parsed;
}

export function planOf(
  versions: readonly VersionFacts[],
  policy: RetentionPolicy,
  { pins = [], ...reference }: Partial<Reference> & { readonly pins?: readonly Pin[] } = {},
): RetentionPlan {
  return planRetention(versions, policy, pins, { ...AT, ...reference });
}

/** Numbers of what is kept, newest first. */
export function keptNumbers({ decisions }: RetentionPlan): number[] {
  return decisions.filter(({ keep }) => keep).map(({ version }) => version.number);
}
