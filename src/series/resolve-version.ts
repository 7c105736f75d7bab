import type { Warning } from '../log.ts';
import type { VersionFacts } from '../retention/types.ts';
import type { ObjectStore } from '../store/object-store.ts';
import { listVersions } from './catalogue.ts';
import type { SeriesKeys } from './keys.ts';
import type { VersionRecord } from './record.ts';
import { type ReadVersion, recordsNewestFirst } from './records.ts';
import { ambiguousCommit, MAX_CANDIDATES, type Marks, nearest, versionNotFound } from './version-not-found.ts';
import { parseVersionSelector, type VersionSelector } from './version-selector.ts';

const FULL_SHA1_DIGITS = 40;

export interface ResolvedVersion {
  readonly version: VersionFacts;
  /** Where it had to be read to find the version. */
  readonly record?: VersionRecord;
}

/** What the catalogue alone answers. */
type ListedSelector = Exclude<VersionSelector, { readonly kind: 'commit' | 'run' }>;
/** Begins to read anew at every call. */
type Records = () => AsyncIterable<ReadVersion>;

/**
 * Finds the version that a text asks for. The catalogue (one LIST per 1,000 versions) answers all but commits and runs;
 * for those records are read, newest first. Of several versions of one commit or one run the newest is meant.
 *
 * @param text see {@link parseVersionSelector}
 * @throws VersionNotFoundError; InputError for an ambiguous commit
 */
export async function resolveVersion(
  store: Pick<ObjectStore, 'get' | 'list'>,
  keys: SeriesKeys,
  text: string,
  warn: (warning: Warning) => void,
): Promise<ResolvedVersion> {
  const selectors = parseVersionSelector(text);
  const versions = await listVersions(store, keys);
  const records = () => recordsNewestFirst(store, keys, versions, warn);
  for (const selector of selectors) {
    const found = await find(selector, versions, records, text);
    if (found !== undefined) return found;
  }
  const marks = await marksOf(selectors, records);
  throw versionNotFound(text, selectors, nearest(selectors, versions), keys.location, marks);
}

async function find(
  selector: VersionSelector,
  versions: readonly VersionFacts[],
  records: Records,
  text: string,
): Promise<ResolvedVersion | undefined> {
  if (selector.kind === 'commit') return findCommit(selector.prefix, records(), text);
  if (selector.kind === 'run') return first(records(), ({ record }) => record.run.runId === selector.runId);
  const version = findListed(selector, versions);
  return version && { version };
}

function findListed(selector: ListedSelector, versions: readonly VersionFacts[]): VersionFacts | undefined {
  switch (selector.kind) {
    case 'latest':
      return versions.at(-1);
    case 'id':
      return versions.find(({ id }) => id === selector.id);
    case 'number':
      return versions.find(({ number }) => number === selector.number);
    case 'time':
      return versions.findLast(({ time }) => time <= selector.atOrBefore);
  }
}

/** A whole SHA cannot be ambiguous, so the first hit will do; of a shorter one every version has to be looked at. */
async function findCommit(
  prefix: string,
  records: AsyncIterable<ReadVersion>,
  text: string,
): Promise<ReadVersion | undefined> {
  const fits = ({ record }: ReadVersion) => record.run.commit.toLowerCase().startsWith(prefix);
  if (prefix.length >= FULL_SHA1_DIGITS) return first(records, fits);
  const newestOfCommit = new Map<string, ReadVersion>();
  for await (const read of records) {
    const commit = read.record.run.commit.toLowerCase();
    if (fits(read) && !newestOfCommit.has(commit)) newestOfCommit.set(commit, read);
  }
  const [newest, ...others] = newestOfCommit.values();
  if (newest !== undefined && others.length > 0) throw ambiguousCommit(text, [newest, ...others]);
  return newest;
}

async function first<T>(items: AsyncIterable<T>, fits: (item: T) => boolean): Promise<T | undefined> {
  for await (const item of items) if (fits(item)) return item;
  return undefined;
}

/** What the newest versions have in the place of a commit or a run that was not found. */
async function marksOf(selectors: readonly VersionSelector[], records: Records): Promise<Marks> {
  const marks = new Map<string, string>();
  const kind = selectors.map((selector) => selector.kind).find((name) => name === 'commit' || name === 'run');
  if (kind === undefined) return marks;
  for await (const { version, record } of records()) {
    const { runId, commit } = record.run;
    marks.set(version.id, kind === 'commit' ? commit : runId && `run:${runId}`);
    if (marks.size === MAX_CANDIDATES) break;
  }
  return marks;
}
