import type { Found } from '../../report/list/types.ts';
import type { SeriesKeys } from '../../series/keys.ts';
import type { Entry } from '../../series/model.ts';
import { openVersion } from '../../series/open-version.ts';
import { resolveVersion } from '../../series/resolve-version.ts';
import { SizeTally } from '../../series/stored-sizes.ts';
import type { CommandPorts } from '../ports.ts';
import { ItemList } from './item-list.ts';

/**
 * The entries of one version, by path.
 * @param asked see `parseVersionSelector`
 * @throws VersionNotFoundError; BackupError for a version that is damaged
 */
export async function findEntries(keys: SeriesKeys, asked: string, ports: CommandPorts): Promise<Found> {
  const { store, log, temporaryDirectory } = ports;
  const { version, record: known } = await resolveVersion(store, keys, asked, (warning) => log.warn(warning));
  const { record, index } = await openVersion(store, keys, version.id, temporaryDirectory, known);
  const sizes = new SizeTally();
  try {
    const { items } = await ItemList.collect<Entry>(ports, async (list) => {
      for await (const entry of index.entries()) {
        sizes.add(entry);
        await list.add(entry);
      }
    });
    const { run, totals, packs } = record;
    return { kind: 'entries', version, run, totals, stored: sizes.current(packs), items };
  } finally {
    await index.close();
  }
}
