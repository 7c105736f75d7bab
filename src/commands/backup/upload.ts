import { LineSpool } from '../../line-spool.ts';
import type { Selection } from '../../selection/types.ts';
import type { Claim } from '../../series/claim.ts';
import { encodeEntry } from '../../series/entry-line.ts';
import type { Totals } from '../../series/model.ts';
import { RunningTotals } from '../../series/running-totals.ts';
import { Lanes } from '../../transfer/lanes.ts';
import { uploadEntries } from '../../transfer/upload-entries.ts';
import type { CommandPorts } from '../ports.ts';
import { ProgressReporter } from '../progress-reporter.ts';
import { versionAttributes } from './attributes.ts';
import type { BackupRequest } from './request.ts';

/** The version's data as it is in the store now. */
export interface Uploaded {
  /** What was stored, which may differ from what was selected where changed files are allowed. */
  readonly totals: Totals;
  readonly sentBytes: number;
  /** The lines of the index, in order. */
  readonly index: LineSpool;
}

/** Stores every file and writes down every entry. */
export async function uploadFiles(
  request: BackupRequest,
  selection: Selection,
  claim: Claim,
  ports: CommandPorts,
): Promise<Uploaded> {
  const progress = new ProgressReporter(selection.totals, ports);
  const index = await LineSpool.create(ports.temporaryDirectory, 'index');
  try {
    const totals = new RunningTotals();
    const entries = uploadEntries(
      selection.entries(),
      entryUpload(request, claim, ports, (bytes) => progress.addBytes(bytes)),
    );
    for await (const entry of entries) {
      totals.add(entry);
      await index.append(encodeEntry(entry));
      if (entry.type === 'file') progress.addFile();
    }
    await index.finish();
    return { totals: totals.current(), sentBytes: progress.done.bytes, index };
  } catch (error) {
    await index.remove();
    throw error;
  }
}

function entryUpload(request: BackupRequest, claim: Claim, ports: CommandPorts, onSent: (bytes: number) => void) {
  const { keys, partSize, concurrency, maxMemory, storageClass, selection } = request;
  return {
    keys,
    id: claim.id,
    attributes: { ...versionAttributes(request, ports.run, claim.id), ...(storageClass && { storageClass }) },
    context: {
      store: ports.store,
      lanes: new Lanes(concurrency, partSize, maxMemory),
      partSize,
      signal: ports.signal,
      log: ports.log,
      failOnChange: selection.ifFileChanged === 'error',
      onSent,
      sleep: ports.sleep,
      random: ports.random,
    },
  };
}
