import type { Stats } from 'node:fs';
import { readlink } from 'node:fs/promises';
import { BackupError } from '../errors.ts';
import { absolutePathOf } from '../selection/paths.ts';
import type { Entry, Totals } from '../series/model.ts';
import { RunningTotals } from '../series/running-totals.ts';
import { mapOrdered } from '../transfer/map-ordered.ts';
import { statNow } from './parents.ts';
import { removeSecondName } from './temporary-file.ts';
import type { Plan, Step, TargetDirectory } from './types.ts';
import { touchEntry } from './write-entry.ts';

/** Entries that are looked at at once. */
const LOOKS_AT_ONCE = 32;

/**
 * The last look: gives directories their modes and times, now that nothing is written into them any more, and checks
 * that all that was planned is there. Of files the bytes were checked before they got their names; here it is their
 * presence and size.
 *
 * @throws BackupError of class `local` that names the first entry that is missing or different
 */
export async function finishRestore(plan: Plan, target: TargetDirectory): Promise<void> {
  const found = new RunningTotals();
  const looked = mapOrdered(plan.steps(), LOOKS_AT_ONCE, async (step) => {
    await finishEntry(step, plan.naming, target);
    return step.entry;
  });
  for await (const entry of looked) found.add(entry);
  checkTotals(plan.totals, found.current(), target.path);
}

async function finishEntry(
  { entry, path, action }: Step,
  naming: Plan['naming'],
  target: TargetDirectory,
): Promise<void> {
  const absolutePath = absolutePathOf(target.path, path, target.style);
  if (entry.type === 'directory' && action !== 'leave') await touchEntry(entry, absolutePath);
  const stats = statNow(absolutePath);
  const found = await foundAt(absolutePath, stats, entry);
  const expected = descriptionOf(entry);
  if (found !== expected) throw unfinished(absolutePath, expected, found);
  if (stats !== undefined) await removeSecondName(absolutePath, stats, naming);
}

function descriptionOf(entry: Entry): string {
  if (entry.type === 'file') return `a file of ${entry.size} bytes`;
  return entry.type === 'symlink' ? `a link to ${JSON.stringify(entry.target)}` : 'a directory';
}

async function foundAt(path: string, stats: Stats | undefined, entry: Entry): Promise<string> {
  if (stats === undefined) return 'nothing';
  if (stats.isDirectory()) return 'a directory';
  if (stats.isSymbolicLink()) return `a link to ${JSON.stringify(await linkText(path, entry))}`;
  return stats.isFile() ? `a file of ${stats.size} bytes` : 'something else';
}

/** Windows hands link texts back with its own separators. */
async function linkText(path: string, entry: Entry): Promise<string> {
  const text = await readlink(path);
  const wanted = entry.type === 'symlink' ? entry.target : text;
  return text.replaceAll('\\', '/') === wanted.replaceAll('\\', '/') ? wanted : text;
}

function checkTotals(expected: Totals, found: Totals, target: string): void {
  const [wanted, there] = [JSON.stringify(expected), JSON.stringify(found)];
  if (wanted !== there) throw unfinished(target, wanted, there);
}

function unfinished(path: string, expected: string, found: string): BackupError {
  return new BackupError(`The restore is not complete: ${JSON.stringify(path)} is not what was written there.`, {
    class: 'local',
    operation: 'check restored entry',
    key: path,
    expected,
    found,
    hint: 'Something else writes to the target; restore again into a directory that nothing else uses.',
  });
}
