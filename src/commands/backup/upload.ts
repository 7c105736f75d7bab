import { LineSpool } from '../../line-spool.ts';
import { ProgressMeter } from '../../report/progress.ts';
import type { Selection } from '../../selection/types.ts';
import type { Claim } from '../../series/claim.ts';
import { encodeEntry } from '../../series/entry-line.ts';
import type { Entry, Totals } from '../../series/model.ts';
import { Lanes } from '../../transfer/lanes.ts';
import { uploadEntries } from '../../transfer/upload-entries.ts';
import type { CommandPorts } from '../ports.ts';
import { versionTags } from './claim.ts';
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
  const done = { files: 0, bytes: 0 };
  const progress = progressReporter(selection.totals, done, ports);
  const index = await LineSpool.create(ports.temporaryDirectory, 'index');
  try {
    const totals = new RunningTotals();
    const entries = uploadEntries(selection.entries(), entryUpload(request, claim, ports, progress.sent));
    for await (const entry of entries) {
      totals.add(entry);
      await index.append(encodeEntry(entry));
      if (entry.type === 'file') progress.stored();
    }
    await index.finish();
    return { totals: totals.current(), sentBytes: done.bytes, index };
  } catch (error) {
    await index.remove();
    throw error;
  }
}

function entryUpload(request: BackupRequest, claim: Claim, ports: CommandPorts, onSent: (bytes: number) => void) {
  const { keys, partSize, concurrency, storageClass, selection } = request;
  return {
    keys,
    id: claim.id,
    attributes: { tags: versionTags(request, ports.run, claim.id), ...(storageClass && { storageClass }) },
    context: {
      store: ports.store,
      lanes: new Lanes(concurrency, partSize),
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

/** Says how far the upload is, every few seconds at most. */
function progressReporter(total: Totals, done: { files: number; bytes: number }, ports: CommandPorts) {
  const meter = new ProgressMeter(total, ports.monotonicMs());
  const report = () => {
    const line = meter.line({ ...done }, ports.monotonicMs());
    if (line !== undefined) ports.log.info(line);
  };
  return {
    sent(bytes: number): void {
      done.bytes += bytes;
      report();
    },
    stored(): void {
      done.files += 1;
      report();
    },
  };
}

class RunningTotals {
  readonly #totals = { files: 0, symlinks: 0, directories: 0, bytes: 0 };

  add(entry: Entry): void {
    if (entry.type === 'symlink') this.#totals.symlinks += 1;
    else if (entry.type === 'directory') this.#totals.directories += 1;
    else {
      this.#totals.files += 1;
      this.#totals.bytes += entry.size;
    }
  }

  current(): Totals {
    return { ...this.#totals };
  }
}
