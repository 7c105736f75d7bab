import { type SpooledPack, spoolByPack } from '../../pack/pack-spools.ts';
import type { SortedSpool } from '../../sorted-spool.ts';
import type { ObjectKey } from '../../store/object-key.ts';
import { lanesForReading, type ReadContext } from '../../transfer/read-object.ts';
import { readPack } from '../../verification/check-pack.ts';
import { judgeMembers } from '../../verification/judge-members.ts';
import { type PackedEntry, type PackedReference, packedEntries } from '../../verification/packed-references.ts';
import type { Fault } from '../../verification/types.ts';
import type { ProgressReporter } from '../progress-reporter.ts';
import { ObjectProgress, type Share } from './object-progress.ts';
import type { VerifyContext } from './request.ts';

/** A pack that is there and has the right size. */
export interface PackToRead {
  /** Relative to the series. */
  readonly key: string;
  /** As stored. */
  readonly size: number;
  /** As stored, 64 hex digits. */
  readonly sha256: string;
  /** Of all entries of all versions that refer to it. */
  readonly amount: Share['amount'];
}

/**
 * Reads packs, one after the other and each once, and compares every entry with its member. Of a damaged pack every entry
 * is named, also those that can still be had.
 *
 * @param references to packs; sorted here, on disk
 * @throws BackupError for trouble that says nothing of any pack
 */
export async function checkPacks(
  packs: readonly PackToRead[],
  references: SortedSpool<PackedReference>,
  context: VerifyContext,
  reporter: ProgressReporter,
): Promise<void> {
  const { reader, signal, pace, request, scratch } = context;
  const lanes = lanesForReading(pace, request.maxMemory);
  const read = { store: reader, signal, lanes };
  const spooled = await spoolByPack(references.sorted(), ({ pack, part }) => ({ pack, part }), scratch);
  try {
    for (const pack of packs) {
      const entries = spooled.find(({ key }) => key === pack.key);
      if (entries === undefined) continue;
      const progress = new ObjectProgress(pack, reporter);
      await checkPack(pack, entries, { context, read: { ...read, onReceived: progress.onReceived } });
      progress.finish();
    }
  } finally {
    await Promise.all(spooled.map((pack) => pack.remove()));
  }
}

interface Looking {
  readonly context: VerifyContext;
  readonly read: ReadContext;
}

async function checkPack(
  pack: PackToRead,
  spooled: SpooledPack<PackedReference>,
  { context, read }: Looking,
): Promise<void> {
  const { findings, request } = context;
  const key = request.keys.absolute(pack.key);
  const entries = () => packedEntries(spooled.items());
  const verdict = await readPack({ ...pack, key }, entries, read);
  findings.checked.objects += 1;
  findings.checked.bytes += pack.size;
  if (typeof verdict !== 'string') await nameAll(key, entries(), verdict, { context, read });
}

async function nameAll(
  key: ObjectKey,
  entries: AsyncIterable<PackedEntry>,
  whole: Fault,
  { context, read }: Looking,
): Promise<void> {
  for await (const { entry, verdict } of judgeMembers(key, entries, read)) {
    const { path, versions } = entry;
    const fault = typeof verdict === 'string' ? { ...whole, problem: readableWords(whole) } : verdict;
    await context.findings.addDamage({ path, key, ...fault, versions });
  }
}

function readableWords({ problem }: Fault): string {
  return `its pack is damaged (${problem}), but its own bytes can still be read`;
}
