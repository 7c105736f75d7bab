import type { Found } from '../../report/list/types.ts';
import type { VersionFacts } from '../../retention/types.ts';
import { type Change, compareEntries, type Difference } from '../../series/difference.ts';
import type { SeriesKeys } from '../../series/keys.ts';
import { type OpenVersion, openVersion } from '../../series/open-version.ts';
import { type ResolvedVersion, resolveVersion } from '../../series/resolve-version.ts';
import type { CommandPorts } from '../ports.ts';
import { ItemList } from './item-list.ts';

/** Both see `parseVersionSelector`. */
export interface Range {
  readonly from: string;
  readonly to: string;
}

interface Side extends OpenVersion {
  readonly version: VersionFacts;
}

/**
 * What differs between two versions, by path.
 * @throws VersionNotFoundError; BackupError for a version that is damaged
 */
export async function findChanges(keys: SeriesKeys, { from, to }: Range, ports: CommandPorts): Promise<Found> {
  const { store, log } = ports;
  const find = (asked: string) => resolveVersion(store, keys, asked, (warning) => log.warn(warning));
  const [old, now] = [await find(from), await find(to)];
  const before = await open(keys, old, ports);
  try {
    const compared = await compareWith(before, keys, now, ports);
    return { kind: 'changes', from: old.version, to: now.version, ...compared };
  } finally {
    await before.index.close();
  }
}

async function compareWith(before: Side, keys: SeriesKeys, now: ResolvedVersion, ports: CommandPorts) {
  const after = await open(keys, now, ports);
  const { id, number } = before.version;
  const old = { id, number, entries: before.index.entries() };
  try {
    const { items, result } = await ItemList.collect<Change, Difference>(ports, (list) =>
      compareEntries(old, after.index.entries(), (change) => list.add(change)),
    );
    return { items, difference: result };
  } finally {
    await after.index.close();
  }
}

async function open(keys: SeriesKeys, { version, record }: ResolvedVersion, ports: CommandPorts): Promise<Side> {
  const opened = await openVersion(ports.store, keys, version.id, ports.temporaryDirectory, record);
  return { version, ...opened };
}
