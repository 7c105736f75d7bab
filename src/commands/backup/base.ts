import { BackupError, messageOf } from '../../errors.ts';
import { count } from '../../report/units.ts';
import type { VersionFacts } from '../../retention/types.ts';
import { nextNumber } from '../../series/catalogue.ts';
import { fullIsDue, startOfLine } from '../../series/full-every.ts';
import type { LocalIndex } from '../../series/index-file.ts';
import type { SeriesKeys } from '../../series/keys.ts';
import { openVersion } from '../../series/open-version.ts';
import type { VersionRecord } from '../../series/record.ts';
import { readRecord } from '../../series/records.ts';
import { packsToRepack } from '../../series/repack.ts';
import { parseVersionId } from '../../series/version-id.ts';
import { KnownContents } from '../../transfer/known-content.ts';
import { LARGE_FILE_BYTES } from '../../transfer/loose-files.ts';
import type { CommandPorts } from '../ports.ts';
import { ownKeys } from '../restore/own-keys.ts';
import { BaseObjects } from './base-objects.ts';
import type { Catalogue } from './claim.ts';
import type { BackupRequest } from './request.ts';

/** The version a new one builds on. */
export interface Base {
  readonly version: VersionFacts;
  readonly record: VersionRecord;
  readonly index: LocalIndex;
}

/** What a new version starts from. */
export interface Start extends AsyncDisposable {
  /** Absent of a full version. */
  readonly base?: Base;
  readonly known: KnownContents;
}

/**
 * Decides whether the new version is to be full, and opens the base of one that is not.
 *
 * @param expectedFiles of the new version
 * @throws BackupError where `incremental` is `always` and the newest version cannot be read
 */
export async function openStart(
  request: BackupRequest,
  catalogue: Catalogue,
  expectedFiles: number,
  ports: CommandPorts,
): Promise<Start> {
  const planned = plannedBase(request, catalogue, ports);
  if ('reason' in planned) return startFull(expectedFiles, planned.reason, ports);
  try {
    const record = await readRecord(ports.store, request.keys, planned.base.id);
    const reason = dueByRecord(request, catalogue, record, ports);
    if (reason !== undefined) return await startFull(expectedFiles, reason, ports);
    return await startFrom(planned.base, record, request, expectedFiles, ports);
  } catch (error) {
    return startWithout(planned.base, error, request, expectedFiles, ports);
  }
}

/** Starts a full version, which builds on nothing. */
export async function startFull(
  expectedFiles: number,
  reason: string,
  { log, temporaryDirectory: directory }: CommandPorts,
): Promise<Start> {
  log.info(`The new version is full, because ${reason}`);
  const options = { directory, expected: expectedFiles, largeBytes: LARGE_FILE_BYTES, isUsable: () => true };
  const known = await KnownContents.create(options);
  return { known, [Symbol.asyncDispose]: () => known.close() };
}

type PlannedBase = { readonly base: VersionFacts } | { readonly reason: string };

/** As far as the catalogue tells; a base that cannot be read, or whose record tells more, still changes it. */
export function plannedBase(
  { incremental: { mode, fullEvery } }: BackupRequest,
  { versions, claims }: Catalogue,
  { store }: Pick<CommandPorts, 'store'>,
): PlannedBase {
  const base = versions.at(-1);
  if (mode === 'off') return { reason: '`incremental` is `off`' };
  if (base === undefined) return { reason: 'it is the first one' };
  const start = startOfLine(versions);
  if (mode === 'always' || start?.type !== 'full') return { base };
  const reason = fullIsDue(start, nextNumber(versions, claims), store.now(), fullEvery);
  return reason === undefined ? { base } : { reason };
}

/** Where no full version is left in the catalogue, the IDs the base leans on tell of the last one. */
function dueByRecord(
  { incremental: { mode, fullEvery } }: BackupRequest,
  { versions, claims }: Catalogue,
  { leansOn }: VersionRecord,
  { store }: CommandPorts,
): string | undefined {
  if (mode === 'always') return undefined;
  const start = startOfLine([...leansOn.flatMap(factsOfId), ...versions]);
  return start && fullIsDue(start, nextNumber(versions, claims), store.now(), fullEvery);
}

function factsOfId(id: string): VersionFacts[] {
  const parts = parseVersionId(id);
  return parts === undefined ? [] : [{ id, number: parts.number, type: parts.type, time: parts.time }];
}

/** Reads all entries of the base once, and lists what they refer to: what is damaged shows before anything is claimed. */
async function startFrom(
  version: VersionFacts,
  record: VersionRecord,
  { keys, incremental: { repackBelow } }: BackupRequest,
  expectedFiles: number,
  ports: CommandPorts,
): Promise<Start> {
  const { store, log, temporaryDirectory: directory } = ports;
  const { index } = await openVersion(store, keys, version.id, directory, record);
  const repacked = packsToRepack(record.packs, repackBelow);
  const isOwn = ownKeys(record, keys);
  const isUsable = (key: string) => isOwn(key) && !repacked.has(key);
  // Mostly the same contents.
  const expected = Math.max(record.totals.files, expectedFiles);
  const known = await KnownContents.create({ directory, expected, largeBytes: LARGE_FILE_BYTES, isUsable });
  const close = async () => {
    await Promise.all([index.close(), known.close()]);
  };
  try {
    known.leaveOut(await readBase({ record, index }, known, keys, ports));
  } catch (error) {
    await close();
    throw error;
  }
  log.info(`The new version builds on version ${version.number}: what that has is not sent again`);
  if (repacked.size > 0) log.info(`What is left of ${count(repacked.size, 'old pack')} is packed anew`);
  return { base: { version, record, index }, known, [Symbol.asyncDispose]: close };
}

/** @returns keys of objects of the base that are damaged */
async function readBase(
  { record, index }: Pick<Base, 'record' | 'index'>,
  known: KnownContents,
  keys: SeriesKeys,
  ports: CommandPorts,
): Promise<ReadonlySet<string>> {
  const objects = new BaseObjects(ports.temporaryDirectory);
  try {
    for (const pack of record.packs) if (known.isUsable(pack)) await objects.addPack(pack);
    for await (const entry of index.entries()) {
      if (entry.type !== 'file' || !known.isUsable(entry)) continue;
      await known.addBase(entry);
      await objects.addFile(entry);
    }
    return await objects.damaged(keys, ports);
  } finally {
    await objects.close();
  }
}

async function startWithout(
  { id }: VersionFacts,
  error: unknown,
  request: BackupRequest,
  expectedFiles: number,
  ports: CommandPorts,
): Promise<Start> {
  ports.signal.throwIfAborted();
  if (!(error instanceof BackupError) || error.class === 'local') throw error;
  if (request.incremental.mode === 'always') throw unreadableBase(id, error);
  ports.log.warn({
    kind: 'base-unreadable',
    message: 'The newest version could not be read, so the new one is full; verify the series.',
    reason: `${id}: ${messageOf(error)}`,
  });
  return startFull(expectedFiles, 'the newest version cannot be read', ports);
}

function unreadableBase(id: string, cause: BackupError): BackupError {
  return new BackupError(`The version ${id}, which the new one was to build on, cannot be read: ${cause.message}`, {
    ...cause.details,
    hint: 'Verify the series; with `incremental: auto` the next version is a full one.',
    cause,
  });
}
