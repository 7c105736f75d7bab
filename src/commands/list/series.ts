import { versionName } from '../../report/list/outputs.ts';
import type { Found, SeriesItem } from '../../report/list/types.ts';
import { listClaims, listVersions } from '../../series/catalogue.ts';
import { SERIES_NAME, SeriesKeys } from '../../series/keys.ts';
import { mapOrdered } from '../../transfer/map-ordered.ts';
import type { CommandPorts } from '../ports.ts';
import { ItemList } from './item-list.ts';

/** Series that are looked into at once. */
const SERIES_AT_ONCE = 8;

/** All series below a prefix, by name: one LIST for them all, and one of the versions of each. */
export async function findSeries(prefix: string, ports: CommandPorts): Promise<Found> {
  const names = seriesNames(prefix, ports);
  const { items } = await ItemList.collect<SeriesItem>(ports, async (list) => {
    for await (const item of mapOrdered(names, SERIES_AT_ONCE, (name) => describe(name, prefix, ports))) {
      if (item !== undefined) await list.add(item);
    }
  });
  return { kind: 'series', items };
}

async function* seriesNames(prefix: string, { store }: CommandPorts): AsyncGenerator<string> {
  const base = prefix === '' ? '' : `${prefix}/`;
  for await (const folder of store.listPrefixes(base)) {
    const name = folder.slice(base.length, -1);
    if (SERIES_NAME.test(name)) yield name;
  }
}

/** @returns undefined for a folder that has neither a version nor a claim: it is no series of ours */
async function describe(series: string, prefix: string, { store }: CommandPorts): Promise<SeriesItem | undefined> {
  const keys = new SeriesKeys({ prefix, series });
  const versions = await listVersions(store, keys);
  const newest = versions.at(-1);
  if (newest !== undefined) return { name: series, versions: versions.length, newest: versionName(newest) };
  const claims = await listClaims(store, keys);
  return claims.length > 0 ? { name: series, versions: 0 } : undefined;
}
