import { LineSpool } from '../../line-spool.ts';
import type { Selection } from '../../selection/types.ts';
import type { Claim } from '../../series/claim.ts';
import { type Difference, Differences } from '../../series/difference.ts';
import { encodeEntry, movedLine } from '../../series/entry-line.ts';
import type { Entry, FileEntry, Totals } from '../../series/model.ts';
import { pairByPath } from '../../series/pair-by-path.ts';
import type { PackReference } from '../../series/record.ts';
import { RunningTotals } from '../../series/running-totals.ts';
import { FormTally, type StoredForms } from '../../series/stored-forms.ts';
import { movedReferences, type References, VersionReferences } from '../../series/version-references.ts';
import type { EarlierAttempts } from '../../transfer/earlier-attempts.ts';
import { Lanes } from '../../transfer/lanes.ts';
import { LargeContents } from '../../transfer/large-contents.ts';
import { LooseFiles } from '../../transfer/loose-files.ts';
import { type Candidate, type EntryUpload, uploadEntries } from '../../transfer/upload-entries.ts';
import type { UploadContext } from '../../transfer/upload-file.ts';
import type { CommandPorts } from '../ports.ts';
import { ProgressReporter } from '../progress-reporter.ts';
import { versionAttributes } from './attributes.ts';
import type { Start } from './base.ts';
import { type CompressionPlan, commandOutput, expectedTotal, planLooseCompression, withOutput } from './output.ts';
import { type ReadyPacking, startPacking } from './packing.ts';
import type { BackupRequest } from './request.ts';

/** The version's data as it is in the store now. */
export interface Uploaded {
  /** What was stored, which may differ from what was selected where changed files are allowed. */
  readonly totals: Totals;
  readonly sentBytes: number;
  /** The lines of the index, in order. */
  readonly index: Pick<LineSpool, 'lines' | 'remove'>;
  /** Those this version wrote. */
  readonly packs: readonly PackReference[];
  readonly forms: StoredForms;
  /** What the output of a command became. */
  readonly stdout?: FileEntry;
  /** What the entries refer to. */
  readonly references: References;
  /** To the base. */
  readonly difference?: Difference | undefined;
}

/** What earlier attempts have stored, and where this one stores what is not there. */
export interface Resumption {
  readonly turn: number;
  readonly earlier: EarlierAttempts;
}

/** What goes into a version, and what packs it. */
export interface Sources {
  readonly selection: Selection;
  /** Absent: no packs. Ends with the upload; where it does not come to that, whoever made it ends it. */
  readonly packing?: ReadyPacking | undefined;
}

/** Stores every file that is not stored yet and writes down every entry. */
export async function uploadFiles(
  request: BackupRequest,
  { selection, packing: packs }: Sources,
  start: Start,
  claim: Claim,
  ports: CommandPorts,
  resumption?: Resumption,
): Promise<Uploaded> {
  const compression = planLooseCompression(request, selection, packs?.plan.memory.bytes ?? 0);
  const output = commandOutput(request, compression, ports);
  const progress = new ProgressReporter(expectedTotal(selection, output), ports);
  let sentBytes = 0;
  const index = await LineSpool.create(ports.temporaryDirectory, 'index');
  const onSent = (sent: number, content: number) => {
    sentBytes += sent;
    progress.addBytes(content);
  };
  const upload = entryUpload(request, { packs, compression }, start, claim, ports, { onSent, resumption });
  const { packing } = upload;
  try {
    const totals = new RunningTotals();
    const forms = new FormTally(claim.id);
    const references = new VersionReferences(claim.id);
    let stdout: FileEntry | undefined;
    const differences = new Differences();
    const stored = uploadEntries(candidates(withOutput(selection, output), start, differences), upload);
    for await (const { before, entry } of stored) {
      differences.add(before, entry);
      if (entry === undefined) continue;
      totals.add(entry);
      forms.add(entry);
      references.add(entry);
      await index.append(encodeEntry(entry));
      if (entry.type === 'file') progress.addFile();
      if (entry.type === 'file' && entry.path === output?.path) stdout = entry;
    }
    await index.finish();
    const packs = (await packing?.packer.finish()) ?? [];
    const moved = packing?.packer.moved ?? new Map();
    return {
      totals: totals.current(),
      sentBytes: sentBytes - (resumption?.earlier.keptBytes ?? 0),
      index: moved.size === 0 ? index : withMoved(index, moved),
      packs,
      forms: forms.current(),
      references: movedReferences(references.current(), moved),
      ...(stdout && { stdout }),
      difference: start.base && differences.current(start.base.version),
    };
  } catch (error) {
    await Promise.all([index.remove(), packing?.packer.abandon()]);
    throw error;
  }
}

/** Entries were written down before it showed that their pack is an earlier attempt's. */
function withMoved(index: LineSpool, moved: ReadonlyMap<string, string>): Uploaded['index'] {
  return {
    async *lines() {
      for await (const line of index.lines()) yield movedLine(line, moved);
    },
    remove: () => index.remove(),
  };
}

/** What is selected beside what the base has at the same path; what only the base has is gone. */
async function* candidates(
  wanted: AsyncIterable<Candidate['selected']>,
  { base }: Start,
  differences: Differences,
): AsyncGenerator<Candidate> {
  for await (const [before, selected] of pairByPath(base?.index.entries() ?? nothing(), wanted)) {
    if (selected === undefined) differences.add(before, undefined);
    else yield { before, selected };
  }
}

async function* nothing(): AsyncGenerator<Entry> {}

function entryUpload(
  request: BackupRequest,
  { packs, compression }: { readonly packs: ReadyPacking | undefined; readonly compression: CompressionPlan },
  { known }: Start,
  claim: Claim,
  ports: CommandPorts,
  { onSent, resumption }: Pick<UploadContext, 'onSent'> & { readonly resumption: Resumption | undefined },
): EntryUpload {
  const { keys, partSize, storageClass, incremental } = request;
  const memory = request.maxMemory - (packs?.plan.memory.bytes ?? 0) - compression.bytes;
  const contents = new LargeContents();
  const upload = {
    keys,
    id: claim.id,
    turn: resumption?.turn,
    attributes: { ...versionAttributes(request, ports.run, claim.id), ...(storageClass && { storageClass }) },
    changeDetection: incremental.changeDetection,
    context: {
      store: ports.store,
      ...(resumption && { earlier: resumption.earlier }),
      lanes: new Lanes(ports.pace, partSize, memory),
      partSize,
      signal: ports.signal,
      log: ports.log,
      failOnChange: request.selection.ifFileChanged === 'error',
      known,
      onSent,
      sleep: ports.sleep,
      random: ports.random,
      monotonicMs: ports.monotonicMs,
      retryForMs: ports.retryForMs,
    },
    loose: new LooseFiles({
      level: request.compressionLevel,
      compressedAtOnce: compression.atOnce,
      contents,
      takenPath: request.output?.path,
    }),
  };
  return packs === undefined ? upload : { ...upload, packing: startPacking(packs, request, contents, upload) };
}
