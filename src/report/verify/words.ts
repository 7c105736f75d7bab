import type { Staleness } from '../../verification/staleness.ts';
import type { Damage, DataSubset, Level } from '../../verification/types.ts';
import { duration, timestamp } from '../units.ts';

/** What a level did to each object. */
const DEPTHS: Readonly<Record<Level, string>> = {
  objects: 'existence, size and ETag of every object',
  checksums: "the store's checksum of every object",
  data: 'every byte of every object',
  restore: 'a full restore, compared entry by entry',
};

/** `every byte of the objects in share 3 of 30` */
export function depthWords({ level, subset }: { readonly level: Level; readonly subset?: DataSubset }): string {
  if (subset === undefined) return DEPTHS[level];
  return subset.kind === 'part'
    ? `every byte of the objects in share ${subset.part} of ${subset.parts}`
    : `every byte of a sample of ${percentage(subset.share)} of the objects, drawn with the seed ${subset.seed}`;
}

/** `0.5 %` */
function percentage(share: number): string {
  return `${Number((share * 100).toPrecision(6))} %`;
}

/** One sentence that names the age and the limit. */
export function stalenessWords({ maxAge, newest }: Staleness, series: string): string {
  const limit = `\`max-age\` is ${maxAge.text}`;
  if (newest === undefined) return `The series ${series} has no complete version, and ${limit}.`;
  const { version, ageMs } = newest;
  return `The newest version of ${series}, number ${version.number} of ${timestamp(version.time)}, is ${duration(ageMs)} old, and ${limit}.`;
}

/** What is damaged and how: `dist/app.js: it is not there`. Hostile text: the edge escapes it. */
export function damageWords({ path, key, problem }: Damage): string {
  return `${path ?? key}: ${problem}`;
}
