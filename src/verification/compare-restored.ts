import { lstat } from 'node:fs/promises';
import { actionFor } from '../restoration/existing.ts';
import type { Plan, Step, TargetDirectory } from '../restoration/types.ts';
import { absolutePathOf } from '../selection/paths.ts';
import { parseMtime } from '../series/mtime.ts';
import { mapOrdered } from '../transfer/map-ordered.ts';

/** Entries that are compared at once. */
const LOOKS_AT_ONCE = 32;
/** The coarsest times of file systems in use, those of FAT. */
const MTIME_TOLERANCE_MS = 2000;
const NANOSECONDS_PER_MILLISECOND = 1_000_000;

/** An entry that did not come back as it was. */
export interface Difference {
  /** Hostile text. */
  readonly path: string;
  /** Reads on after a colon. */
  readonly problem: string;
}

/**
 * Compares a directory with the plan by which it was restored: every file is read once more from the disk, and kinds,
 * modes, link texts and times count too.
 *
 * @throws BackupError of class `local` for what cannot be read
 */
export async function* differences(
  plan: Pick<Plan, 'steps'>,
  target: Pick<TargetDirectory, 'path' | 'style'>,
): AsyncGenerator<Difference> {
  const problems = mapOrdered(plan.steps(), LOOKS_AT_ONCE, async (step) => ({
    path: step.entry.path,
    problem: await problemOf(step, target),
  }));
  for await (const { path, problem } of problems) if (problem !== undefined) yield { path, problem };
}

async function problemOf(
  { entry, path }: Step,
  { path: root, style }: Pick<TargetDirectory, 'path' | 'style'>,
): Promise<string | undefined> {
  const absolutePath = absolutePathOf(root, path, style);
  const action = await actionFor(entry, absolutePath, { overwrite: 'never', style });
  if (action === 'write') return 'it was not restored';
  if (action !== 'leave') return 'it came back with other content or another mode';
  const wanted = Number(parseMtime(entry.mtime) ?? 0n) / NANOSECONDS_PER_MILLISECOND;
  const { mtimeMs } = await lstat(absolutePath);
  return Math.abs(mtimeMs - wanted) <= MTIME_TOLERANCE_MS
    ? undefined
    : `it came back with the time ${new Date(mtimeMs).toISOString()} instead of ${entry.mtime}`;
}
