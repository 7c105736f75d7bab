import type { Found, VersionItem } from '../../report/list/types.ts';
import { pinFacts } from '../../report/pin/words.ts';
import type { VersionFacts } from '../../retention/types.ts';
import { type ListedClaim, latestTurns, listClaims, listPins, listVersions } from '../../series/catalogue.ts';
import type { Claim } from '../../series/claim.ts';
import type { SeriesKeys } from '../../series/keys.ts';
import { type PinDocument, readPin } from '../../series/pin.ts';
import { claimReader } from '../../series/prune-claims.ts';
import { inParallel } from '../../series/prune-parallel.ts';
import { recordsNewestFirst } from '../../series/records.ts';
import { packTotals } from '../../series/stored-sizes.ts';
import { parseVersionId } from '../../series/version-id.ts';
import { warnOfNoSeries } from '../no-series.ts';
import type { CommandPorts } from '../ports.ts';
import { ItemList } from './item-list.ts';

/** Of a version's record. */
type Details = Pick<VersionItem, 'run' | 'totals' | 'packs'>;

/** By number; undefined for a pin that says nothing of itself. */
type Pins = ReadonlyMap<number, PinDocument | undefined>;

/**
 * The versions of a series, newest first: a LIST each of versions, claims and pins. Pins and the claims of incomplete
 * versions are few and are read; records only for details, and where a claim has none.
 */
export async function findVersions(keys: SeriesKeys, details: boolean, ports: CommandPorts): Promise<Found> {
  const { store } = ports;
  const [versions, claims, pins] = await Promise.all([
    listVersions(store, keys),
    listClaims(store, keys),
    readPins(keys, ports),
  ]);
  const recorded = new Set(versions.map(({ number }) => number));
  const unrecorded = latestTurns(claims).filter(({ number }) => !recorded.has(number));
  const unfinished = await inParallel(unrecorded, (claim) => describeClaim(claim, keys, pins, ports));
  const incomplete = await withRemoved(unfinished, keys, versions, ports);
  const records = details ? await readRecords(keys, versions, ports) : undefined;
  const complete = versions.map((version) => describe(version, pins, records?.get(version.id)));
  if (complete.length + incomplete.length === 0) warnOfNoSeries(keys.location, ports);
  const { items } = await ItemList.collect<VersionItem>(ports, async (list) => {
    for (const item of [...complete, ...incomplete].toSorted((a, b) => b.number - a.number)) await list.add(item);
  });
  const removed = incomplete.filter(({ state }) => state === 'removed').length;
  const states = { complete: complete.length, incomplete: incomplete.length - removed, removed };
  return { kind: 'versions', states, items };
}

/**
 * Tells what was pruned, and left its claim because newer versions need its data, from what was never committed: only the
 * records know. They are read, newest first, until each is found, and only those that came after the oldest.
 */
async function withRemoved(
  items: readonly VersionItem[],
  keys: SeriesKeys,
  versions: readonly VersionFacts[],
  { store, log }: CommandPorts,
): Promise<VersionItem[]> {
  const unknown = new Set(items.flatMap(({ id }) => id ?? []));
  const removed = new Set<string>();
  const oldest = items.reduce((least, { number }) => Math.min(least, number), Number.POSITIVE_INFINITY);
  const leaning = versions.filter(({ type, number }) => type === 'incremental' && number > oldest);
  for await (const { record } of recordsNewestFirst(store, keys, leaning, (warning) => log.warn(warning))) {
    for (const id of record.leansOn) if (unknown.delete(id)) removed.add(id);
    if (unknown.size === 0) break;
  }
  return items.map((item) => (item.id !== null && removed.has(item.id) ? { ...item, state: 'removed' } : item));
}

async function readPins(keys: SeriesKeys, { store }: CommandPorts): Promise<Pins> {
  const pins = await listPins(store, keys);
  return new Map(await inParallel(pins, async ({ number }) => [number, await readPin(store, keys, number)] as const));
}

/** Without those that are damaged, of which a warning tells. */
async function readRecords(keys: SeriesKeys, versions: readonly VersionFacts[], { store, log }: CommandPorts) {
  const records = new Map<string, Details>();
  for await (const { version, record } of recordsNewestFirst(store, keys, versions, (warning) => log.warn(warning))) {
    records.set(version.id, { run: record.run, totals: record.totals, packs: packTotals(record.packs) });
  }
  return records;
}

function describe({ number, id, type, time }: VersionFacts, pins: Pins, details: Details | undefined): VersionItem {
  return { number, id, type, time: time.toISOString(), state: 'complete', ...pinOf(number, pins), ...details };
}

async function describeClaim(
  { number, lastModified, key: _, ...nonce }: ListedClaim,
  keys: SeriesKeys,
  pins: Pins,
  { store }: CommandPorts,
): Promise<VersionItem> {
  const claim = await claimReader(store)(keys.claim({ number, ...nonce }));
  const time = lastModified.toISOString();
  return {
    number,
    ...idOf(claim),
    time,
    state: 'incomplete',
    ...pinOf(number, pins),
    ...(claim && { run: claim.run }),
  };
}

function idOf(claim: Claim | undefined): Pick<VersionItem, 'id' | 'type'> {
  const parts = claim && parseVersionId(claim.id);
  return { id: parts === undefined ? null : (claim?.id ?? null), type: parts?.type ?? null };
}

function pinOf(number: number, pins: Pins): Pick<VersionItem, 'pinned' | 'pin'> {
  const pin = pins.get(number);
  return { pinned: pins.has(number), ...(pin && { pin: pinFacts(pin) }) };
}
