import { LineSpool } from '../../line-spool.ts';
import type { Selection } from '../../selection/types.ts';
import type { Claim } from '../../series/claim.ts';
import { encodeEntry } from '../../series/entry-line.ts';
import type { Totals } from '../../series/model.ts';
import type { PackReference } from '../../series/record.ts';
import { RunningTotals } from '../../series/running-totals.ts';
import { FormTally, type StoredForms } from '../../series/stored-forms.ts';
import { Lanes } from '../../transfer/lanes.ts';
import { LargeContents } from '../../transfer/large-contents.ts';
import { LARGE_FILE_BYTES, LooseFiles } from '../../transfer/loose-files.ts';
import { planCompression } from '../../transfer/memory-plan.ts';
import { type EntryUpload, uploadEntries } from '../../transfer/upload-entries.ts';
import type { UploadContext } from '../../transfer/upload-file.ts';
import type { CommandPorts } from '../ports.ts';
import { ProgressReporter } from '../progress-reporter.ts';
import { versionAttributes } from './attributes.ts';
import { planPacking, startPacking } from './packing.ts';
import type { BackupRequest } from './request.ts';

/** The version's data as it is in the store now. */
export interface Uploaded {
  /** What was stored, which may differ from what was selected where changed files are allowed. */
  readonly totals: Totals;
  readonly sentBytes: number;
  /** The lines of the index, in order. */
  readonly index: LineSpool;
  readonly packs: readonly PackReference[];
  readonly forms: StoredForms;
}

/** Stores every file and writes down every entry. */
export async function uploadFiles(
  request: BackupRequest,
  selection: Selection,
  claim: Claim,
  ports: CommandPorts,
): Promise<Uploaded> {
  const progress = new ProgressReporter(selection.totals, ports);
  let sentBytes = 0;
  // First, because it may fail, and threads that have been started would keep the process alive.
  const index = await LineSpool.create(ports.temporaryDirectory, 'index');
  const upload = entryUpload(request, selection, claim, ports, (sent, content) => {
    sentBytes += sent;
    progress.addBytes(content);
  });
  const { packing } = upload;
  try {
    const totals = new RunningTotals();
    const forms = new FormTally();
    for await (const entry of uploadEntries(selection.entries(), upload)) {
      totals.add(entry);
      forms.add(entry);
      await index.append(encodeEntry(entry));
      if (entry.type === 'file') progress.addFile();
    }
    await index.finish();
    const packs = (await packing?.packer.finish()) ?? [];
    return { totals: totals.current(), sentBytes, index, packs, forms: forms.current() };
  } catch (error) {
    await Promise.all([index.remove(), packing?.packer.abandon()]);
    throw error;
  }
}

function entryUpload(
  request: BackupRequest,
  selection: Selection,
  claim: Claim,
  ports: CommandPorts,
  onSent: UploadContext['onSent'],
): EntryUpload {
  const { keys, partSize, storageClass } = request;
  const plan = planPacking(request, selection);
  const compression = planLooseCompression(request, selection);
  const memory = request.maxMemory - (plan?.memory.bytes ?? 0) - compression.bytes;
  const contents = new LargeContents();
  const upload = {
    keys,
    id: claim.id,
    attributes: { ...versionAttributes(request, ports.run, claim.id), ...(storageClass && { storageClass }) },
    context: {
      store: ports.store,
      lanes: new Lanes(ports.pace, partSize, memory),
      partSize,
      signal: ports.signal,
      log: ports.log,
      failOnChange: request.selection.ifFileChanged === 'error',
      onSent,
      sleep: ports.sleep,
      random: ports.random,
      monotonicMs: ports.monotonicMs,
      retryForMs: ports.retryForMs,
    },
    loose: new LooseFiles({
      level: request.compressionLevel,
      compressedAtOnce: compression.atOnce,
      ...(request.layout !== 'files' && { contents }),
    }),
  };
  return plan === undefined ? upload : { ...upload, packing: startPacking(plan, request, contents, upload) };
}

/** Where nothing is large enough to be compressed, the memory is better used otherwise. */
function planLooseCompression({ compression, layout, maxMemory }: BackupRequest, { largest }: Selection) {
  const isWanted =
    compression === 'auto' && layout !== 'archive' && largest.some(({ size }) => size >= LARGE_FILE_BYTES);
  return isWanted ? planCompression(maxMemory) : { atOnce: 0, bytes: 0 };
}
