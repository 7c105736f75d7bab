import type { Total } from '../../report/progress.ts';
import type { Selection } from '../../selection/types.ts';
import { comparePaths } from '../../series/entry-line.ts';
import { CommandOutput } from '../../transfer/command-output.ts';
import { FRAMES_MEMORY_BYTES } from '../../transfer/file-frames.ts';
import { LARGE_FILE_BYTES } from '../../transfer/loose-files.ts';
import { planCompression } from '../../transfer/memory-plan.ts';
import type { Candidate } from '../../transfer/upload-entries.ts';
import type { CommandPorts } from '../ports.ts';
import type { BackupRequest } from './request.ts';

/** What of objects of their own is compressed, and what memory that takes. */
export interface CompressionPlan {
  /** Files at once. */
  readonly atOnce: number;
  readonly output: boolean;
  readonly bytes: number;
}

/**
 * Where nothing may be worth compressing, the memory is better used otherwise. The output of a command goes first.
 * @param packBytes of memory that making packs takes
 */
export function planLooseCompression(
  { compression, layout, maxMemory, partSize, output }: BackupRequest,
  { largest }: Pick<Selection, 'largest'>,
  packBytes: number,
): CompressionPlan {
  const { atOnce } = compression === 'auto' ? planCompression(maxMemory, partSize, packBytes) : { atOnce: 0 };
  const withOutput = output !== undefined && atOnce > 0;
  const hasLarge = layout !== 'archive' && largest.some(({ size }) => size >= LARGE_FILE_BYTES);
  const files = hasLarge ? atOnce - Number(withOutput) : 0;
  return { atOnce: files, output: withOutput, bytes: (files + Number(withOutput)) * FRAMES_MEMORY_BYTES };
}

/** The output that is asked for, ready to be stored; its command is not started yet. */
export function commandOutput(
  { output, selection: { root }, compressionLevel: level }: BackupRequest,
  compression: CompressionPlan,
  { store, produce }: Pick<CommandPorts, 'store' | 'produce'>,
): CommandOutput | undefined {
  if (output === undefined) return undefined;
  const { path, source, ifEmpty } = output;
  return new CommandOutput({
    path,
    mtime: store.now(),
    start: (signal) => produce(source, signal),
    isPiped: source.kind === 'pipe',
    ifEmpty,
    ...(compression.output && { level }),
    root,
  });
}

/** What is selected, in order, the output among it. */
export async function* withOutput(
  selection: Pick<Selection, 'entries'>,
  output: CommandOutput | undefined,
): AsyncGenerator<Candidate['selected']> {
  let waiting = output;
  for await (const entry of selection.entries()) {
    if (waiting !== undefined && comparePaths(waiting.path, entry.path) < 0) {
      yield waiting;
      waiting = undefined;
    }
    yield entry;
  }
  if (waiting !== undefined) yield waiting;
}

/** What is to be stored, as far as it is known. */
export function expectedTotal({ totals }: Pick<Selection, 'totals'>, output: CommandOutput | undefined): Total {
  return output === undefined ? totals : { files: totals.files + 1, bytes: totals.bytes, isOpen: true };
}
