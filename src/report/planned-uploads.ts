import type { Totals } from '../series/model.ts';
import { linksAndDirectories } from './entry-kinds.ts';
import { bytes, count, listed } from './units.ts';
import { logSafe } from './visible.ts';

/** More would bury the rest of the log; the list of a version that is there has them all. */
export const MAX_PLANNED_LINES = 1000;

/** What stands above the files of a plan. @param base what the version would build on; undefined of a full one */
export function uncomparedLines(base: { readonly number: number } | undefined): string[] {
  return base === undefined ? [] : [`Not compared with version ${base.number}: what it has would not be sent again`];
}

/** One upload of the plan of a dry run. @param isPacked whether it would go into a pack */
export function plannedUploadLine(
  { path, size }: { readonly path: string; readonly size: number },
  isPacked: boolean,
): string {
  return logSafe(`${isPacked ? 'would pack  ' : 'would upload'}  ${bytes(size).padStart(10)}  ${path}`);
}

/** The output of a command in the plan of a dry run: what it will be only running it would tell. */
export function plannedOutputLine(path: string): string {
  return logSafe(`would run the command and upload its output  ${path}`);
}

/** What stands below the files of a plan: how many were left out of the list, and what needs no upload. */
export function furtherPlanLines(totals: Totals): string[] {
  const more = totals.files - MAX_PLANNED_LINES;
  const others = linksAndDirectories(totals);
  return [
    ...(more > 0 ? [`… and ${count(more, 'more file')}`] : []),
    ...(others.length > 0 ? [`${listed(others)} would be noted in the index`] : []),
  ];
}
