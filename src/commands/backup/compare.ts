import { messageOf } from '../../errors.ts';
import type { VersionFacts } from '../../retention/types.ts';
import { compareEntries, type Difference } from '../../series/difference.ts';
import { parseEntry } from '../../series/entry-line.ts';
import type { Entry } from '../../series/model.ts';
import { openVersion } from '../../series/open-version.ts';
import type { CommandPorts } from '../ports.ts';
import type { BackupRequest } from './request.ts';

/**
 * How the entries differ from those of the version before. Only for the report: a version before that cannot be read is
 * a warning, and its own trouble.
 */
export async function compareWithPrevious(
  { keys }: BackupRequest,
  previous: VersionFacts,
  lines: AsyncIterable<string>,
  { store, log, signal, temporaryDirectory }: CommandPorts,
): Promise<Difference | undefined> {
  try {
    const { record, index } = await openVersion(store, keys, previous.id, temporaryDirectory);
    try {
      const before = { id: previous.id, number: previous.number, entries: index.entries() };
      return await compareEntries(before, entriesOf(lines, record.index.key));
    } finally {
      await index.close();
    }
  } catch (error) {
    // Nothing is the matter with it.
    if (signal.aborted) return undefined;
    log.warn({
      kind: 'previous-version-unreadable',
      message: 'The version before could not be read, so the differences to it are not known; verify the series.',
      reason: `${previous.id}: ${messageOf(error)}`,
    });
    return undefined;
  }
}

async function* entriesOf(lines: AsyncIterable<string>, key: string): AsyncGenerator<Entry> {
  for await (const line of lines) yield parseEntry(line, key);
}
