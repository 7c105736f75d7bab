import type { Log } from '../log.ts';
import { absolutePathOf } from '../selection/paths.ts';
import type { SeriesKeys } from '../series/keys.ts';
import type { FileEntry, Totals } from '../series/model.ts';
import { RunningTotals } from '../series/running-totals.ts';
import { mapOrdered } from '../transfer/map-ordered.ts';
import type { ReadContext } from '../transfer/read-object.ts';
import { isSmallMember } from './packed-steps.ts';
import { Parents } from './parents.ts';
import { hasSpecialBits } from './permissions.ts';
import type { TemporaryNaming } from './temporary-name.ts';
import type { Plan, Step, TargetDirectory } from './types.ts';
import type { Unpacking } from './unpack-engine.ts';
import { touchEntry, writeFileEntry, writeLinkEntry } from './write-entry.ts';
import { writePacked } from './write-packed.ts';

/** Entries begun and not yet written: bounds memory, and how far small files may run ahead of a large one. */
const WINDOW_ENTRIES = 1024;
/** Small things the disk is asked for at once. */
const LINKS_AT_ONCE = 32;

export interface WriteContext {
  readonly target: TargetDirectory;
  readonly keys: SeriesKeys;
  readonly read: ReadContext;
  /** Takes packs apart. */
  readonly unpacking: Unpacking;
  /** Whether an object is of the very version that is restored, and not of one it leans on. Takes keys of the index. */
  readonly isOwn: (key: string) => boolean;
  /** Of a pack that an entry of the plan refers to, as stored. */
  readonly packBytes: (key: string) => number;
  readonly log: Log;
  /** Called after each file. */
  readonly onFile: () => void;
}

/**
 * Does what the plan says: directories and files first, those in packs last of them, then links, so that nothing can go
 * through one. What is complete stays in the target when something fails.
 *
 * @returns what was written or touched
 * @throws BackupError that names what failed, after what was under way has ended
 */
export async function writePlan(plan: Plan, context: WriteContext): Promise<Totals> {
  const done = new RunningTotals();
  const files = mapOrdered(withParents(plan.steps(), context.target), WINDOW_ENTRIES, async (step) => {
    if (step.entry.type === 'file') await writeFile(step, step.entry, plan.naming, context);
    return step;
  });
  for await (const { entry, action } of files) if (entry.type !== 'symlink' && action !== 'leave') done.add(entry);
  await writePacked(plan, context);
  if (plan.totals.symlinks === 0) return done.current();
  const links = mapOrdered(linksOf(plan.steps()), LINKS_AT_ONCE, async (step) => {
    await writeLink(step, plan.naming, context);
    return step;
  });
  for await (const { entry } of links) done.add(entry);
  return done.current();
}

/** Makes the directories an entry needs before it is handed on. */
async function* withParents(steps: AsyncIterable<Step>, { path, style }: TargetDirectory): AsyncGenerator<Step> {
  const parents = Parents.making(path, style);
  for await (const step of steps) {
    const segments = step.path.split('/');
    if (step.action !== 'leave')
      await parents.enter(step.entry.type === 'directory' ? segments : segments.slice(0, -1));
    yield step;
  }
}

async function* linksOf(steps: AsyncIterable<Step>): AsyncGenerator<Step> {
  for await (const step of steps) if (step.entry.type === 'symlink' && step.action !== 'leave') yield step;
}

async function writeFile(
  step: Step,
  entry: FileEntry,
  naming: TemporaryNaming,
  { target, keys, read, log, isOwn, onFile }: WriteContext,
): Promise<void> {
  if (step.action === 'leave') return;
  // Comes with its neighbours, once all directories are there.
  if (step.action !== 'touch' && isSmallMember(entry)) return;
  const path = absolutePathOf(target.path, step.path, target.style);
  warnOfLoss(entry, target, log);
  if (step.action === 'touch') return touchEntry(entry, path);
  const place = { path, mayReplace: step.action === 'replace', naming };
  await writeFileEntry({ entry, key: keys.absolute(entry.key), isOwn: isOwn(entry.key) }, place, read);
  onFile();
}

async function writeLink(
  { entry, path, action }: Step,
  naming: TemporaryNaming,
  { target }: WriteContext,
): Promise<void> {
  if (entry.type !== 'symlink') return;
  const absolutePath = absolutePathOf(target.path, path, target.style);
  if (action === 'touch') await touchEntry(entry, absolutePath);
  else await writeLinkEntry(entry, { path: absolutePath, mayReplace: action === 'replace', naming });
}

/** Once for all of a kind: the log counts. */
export function warnOfLoss(
  { mode, path: subject }: FileEntry,
  { style }: Pick<TargetDirectory, 'style'>,
  log: Log,
): void {
  if (hasSpecialBits(mode)) {
    log.warn({
      kind: 'special-mode-bits',
      message: 'Set-user-ID, set-group-ID and sticky bits are not restored; set them yourself where they are wanted.',
      subject,
    });
  }
  if (style.separator === '\\' && (Number.parseInt(mode, 8) & 0o111) !== 0) {
    log.warn({
      kind: 'modes-on-windows',
      message: 'Windows keeps no permission bits but the one for writing, so the others did not come back.',
    });
  }
}
