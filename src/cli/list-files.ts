import { rm } from 'node:fs/promises';
import { MAX_LINES } from '../report/list/log-lines.ts';

/**
 * Removes the files with whole lists that the outputs name, but for those of which more is in the file than was shown: no
 * runner cleans up after a terminal.
 */
export async function removeListFiles(outputs: Readonly<Record<string, string>>): Promise<void> {
  const {
    file,
    truncated,
    count,
    damaged = '[]',
    'damaged-file': damagedFile,
    'damaged-count': damagedCount,
  } = outputs;
  if (file && truncated === 'false' && Number(count) <= MAX_LINES) await rm(file, { force: true });
  const shown: unknown = JSON.parse(damaged);
  const isWhole = Array.isArray(shown) && String(shown.length) === damagedCount;
  if (damagedFile && isWhole) await rm(damagedFile, { force: true });
}
