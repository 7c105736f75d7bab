import { type BackupError, isClass } from '../errors.ts';
import type { Warning } from '../log.ts';
import type { VersionFacts } from '../retention/types.ts';
import { keyProblem } from '../store/object-key.ts';
import type { PruneTask } from './prune.ts';
import { ABANDONED_AFTER_MS } from './prune-claims.ts';
import {
  type HiddenPorts,
  type HiddenVersion,
  hiddenVersions,
  warnOfHidden,
  withHidden,
} from './prune-hidden-records.ts';
import { doomedUploads } from './prune-leftovers.ts';
import { type EndedUploads, PruneTally, UploadTally } from './prune-outcome.ts';
import { type Leftover, type Look, lineageOf, orphans, type Survey, survey } from './prune-survey.ts';

/** What a prune would delete, claims and records not counted. */
export interface PrunePreview {
  readonly leftovers: readonly (Leftover & { readonly isPartlyNeeded: boolean })[];
  readonly objects: number;
  readonly bytes: number;
  /** Uploads that would be ended. Absent: none. */
  readonly uploads?: EndedUploads;
  readonly warnings: readonly Warning[];
}

export interface PreviewOptions extends Pick<PruneTask, 'sweepsUploads'> {
  /** The prune would erase all versions of objects: then it leaves alone what was hidden a short while ago. */
  readonly erases?: boolean;
}

/**
 * What is left to be deleted once the records of some versions are gone. Changes nothing.
 * @param removed versions of the plan
 */
export async function previewPrune(
  look: Omit<Look, 'tally'> & PreviewOptions,
  removed: readonly VersionFacts[],
): Promise<PrunePreview> {
  const tally = new PruneTally();
  const seen = { ...look, tally };
  const looksFurther = look.sweepsUploads === true;
  const erases = look.erases === true;
  const known = removed.length > 0 || looksFurther || erases ? await lineageOf(seen) : undefined;
  const hidden = erases ? await hiddenOf(seen) : [];
  const found = await survey({ ...seen, hidden }, removed, known && (await withHidden(known, hidden, seen)));
  await warnOfHidden(seen, hidden, found.claims);
  const { needs } = found;
  try {
    const leftovers = [...found.leftovers, ...(looksFurther ? await orphans(look, found) : [])];
    const partly = new Set(needs.partly);
    const marked = leftovers.map((leftover) => ({ ...leftover, isPartlyNeeded: partly.has(leftover.id) }));
    const amount = await amountOf(look, { leftovers, needs });
    const uploads = looksFurther ? await uploadsOf(look, leftovers, tally) : {};
    return { leftovers: marked, ...amount, ...uploads, warnings: tally.warnings };
  } finally {
    await needs.close();
  }
}

/** A role that only reads may not be allowed to see uploads: the rest of the plan is worth having all the same. */
async function uploadsOf(look: Omit<Look, 'tally'>, leftovers: readonly Leftover[], { warnings }: PruneTally) {
  const abandoned = leftovers.filter(({ kind }) => kind === 'abandoned').map(({ id }) => id);
  const uploads = new UploadTally();
  const maxAgeMs = look.abandonedAfterMs ?? ABANDONED_AFTER_MS;
  try {
    for await (const { key } of doomedUploads(look, maxAgeMs, abandoned)) uploads.add(key);
  } catch (error) {
    if (!isClass(error, 'permanent')) throw error;
    warnings.push(unseenUploads(error));
  }
  return uploads.current();
}

/** Nor may it be allowed to see what is hidden. */
async function hiddenOf(ports: HiddenPorts): Promise<HiddenVersion[]> {
  try {
    return await hiddenVersions(ports);
  } catch (error) {
    if (!isClass(error, 'permanent')) throw error;
    ports.tally.warnings.push(unseenVersions(error));
    return [];
  }
}

function unseenVersions({ message, details: { hint = '' } }: BackupError): Warning {
  const words = `The plan may name versions that a prune leaves alone, as their records were hidden a short while ago: ${message} ${hint}`;
  return { kind: 'unseen-versions', message: words.trimEnd() };
}

function unseenUploads({ message, details: { hint = '' } }: BackupError): Warning {
  const words = `The plan leaves out the open uploads that a prune would end: ${message} ${hint}`;
  return { kind: 'unseen-uploads', message: words.trimEnd() };
}

async function amountOf(
  { store, keys }: Omit<Look, 'tally'>,
  { leftovers, needs }: Pick<Survey, 'leftovers' | 'needs'>,
) {
  const partly = new Set(needs.partly);
  const free = leftovers.map(({ id }) => id).filter((id) => !partly.has(id));
  const cursor = needs.cursor();
  let [objects, bytes] = [0, 0];
  try {
    for (const id of [...free, ...needs.partly]) {
      for await (const { key, size } of store.list(keys.dataPrefix(id))) {
        if (keyProblem(key) !== undefined || (partly.has(id) && (await cursor.has(key)))) continue;
        objects += 1;
        bytes += size;
      }
    }
  } finally {
    await cursor.close();
  }
  return { objects, bytes };
}
