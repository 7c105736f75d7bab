import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { VersionFacts } from '../../retention/types.ts';
import { fetchIndex, type LocalIndex } from '../../series/index-file.ts';
import type { FileEntry } from '../../series/model.ts';
import type { VersionRecord } from '../../series/record.ts';
import { RunningTotals } from '../../series/running-totals.ts';
import type { SortedSpool } from '../../sorted-spool.ts';
import { keyProblem } from '../../store/object-key.ts';
import { totalsProblem } from '../../verification/document-problem.ts';
import { faultOf } from '../../verification/fault.ts';
import { type PackedReference, packedReferenceOf } from '../../verification/packed-references.ts';
import { type Reference, referenceOf } from '../../verification/references.ts';
import { type OwnObjects, ownIndex, ownObjects } from '../restore/own-keys.ts';
import type { VerifyContext } from './request.ts';

/** What the indexes of a family refer to. To be removed. */
export interface Expected {
  readonly objects: SortedSpool<Reference>;
  /** What of them is in packs, once more, by place there. */
  readonly packed: SortedSpool<PackedReference>;
}

/** A version whose index is on this machine. */
export interface GatheredVersion {
  readonly version: VersionFacts;
  readonly record: VersionRecord;
  readonly index: LocalIndex;
  /** Whether every line of the index could be read, so that it is known what belongs to the version. */
  readonly isWhole: boolean;
}

/**
 * Fetches the index of a version, compares it with the record, and adds each of its files to what is expected.
 * @returns undefined where the index cannot be used, which is one of the findings then
 */
export async function gather(
  version: VersionFacts,
  record: VersionRecord,
  expected: Expected,
  context: VerifyContext,
): Promise<GatheredVersion | undefined> {
  const { findings, request } = context;
  const damage = { key: request.keys.index(version.id), versions: [version.id] };
  const fetched = await attempt(() => fetchOwnIndex(record, context));
  if ('fault' in fetched) {
    await findings.addDamage({ ...damage, ...fetched.fault });
    return undefined;
  }
  const index = fetched.value;
  const totals = new RunningTotals();
  const objects = ownObjects(record, request.keys);
  const read = await attempt(async () => {
    for await (const entry of index.entries()) {
      totals.add(entry);
      if (entry.type === 'file') await gatherFile(entry, record.id, objects, expected, context);
    }
  });
  if ('fault' in read) await findings.addDamage({ ...damage, ...read.fault });
  const problem = 'fault' in read ? undefined : totalsProblem(record, totals.current());
  if (problem !== undefined) {
    await findings.addDamage({ ...damage, kind: 'record', key: request.keys.record(version.id), problem });
  }
  return { version, record, index, isWhole: !('fault' in read) };
}

async function gatherFile(
  entry: FileEntry,
  id: string,
  objects: OwnObjects,
  expected: Expected,
  { findings, request: { keys } }: VerifyContext,
): Promise<void> {
  const key = `${keys.base}${entry.key}`;
  const problem = objects.problem(entry) ?? keyProblem(key);
  if (problem !== undefined) {
    return findings.addDamage({ path: entry.path, key, kind: 'entry', problem, versions: [id] });
  }
  const { slice } = entry;
  await expected.objects.add(referenceOf(entry, id, slice && objects.pack(entry.key)));
  if (slice !== undefined) await expected.packed.add(packedReferenceOf(entry, slice, id, objects.isOwn(entry.key)));
}

async function fetchOwnIndex(
  record: VersionRecord,
  { reader, request: { keys }, scratch }: VerifyContext,
): Promise<LocalIndex> {
  return fetchIndex(reader, keys, ownIndex(record, keys), join(scratch, `index-${randomUUID()}`));
}

/** What comes of reading an index: a fault of it is a value, all other trouble is thrown. */
async function attempt<T>(work: () => Promise<T>) {
  try {
    return { value: await work() };
  } catch (error) {
    const fault = faultOf(error, 'index');
    if (fault === undefined) throw error;
    return { fault: { ...fault, kind: 'index' as const } };
  }
}
