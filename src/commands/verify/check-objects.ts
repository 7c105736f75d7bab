import { byteOrder } from '../../byte-order.ts';
import { parseVersionId } from '../../series/version-id.ts';
import { Lanes } from '../../transfer/lanes.ts';
import { mapOrdered } from '../../transfer/map-ordered.ts';
import { RANGE_BYTES } from '../../transfer/read-object.ts';
import { compareChecksum, readContent, sizeFault, type Verdict } from '../../verification/check-content.ts';
import { type FoundObject, type Joined, joinListing } from '../../verification/join-listing.ts';
import type { ExpectedObject } from '../../verification/references.ts';
import { subsetFilter } from '../../verification/subset.ts';
import type { Level } from '../../verification/types.ts';
import type { GatheredVersion } from './gather.ts';
import type { VerifyContext } from './request.ts';

/** Objects begun and not yet judged: bounds memory, and how far small ones may run ahead of a large one. */
const WINDOW_OBJECTS = 1024;

/** What is looked at of an object that is there with the right size; `skipped` where the subset leaves it out. */
type Check = (expected: ExpectedObject) => Promise<Verdict | 'skipped'>;

/**
 * Compares the objects that the indexes of a family expect with what the store lists, one listing for the data of each
 * version, and looks into those that are there as deep as the level says.
 *
 * @param expected sorted; see `expectedObjects`
 * @param onReceived called with the number of all bytes that are read, `onChecked` after each object
 * @throws BackupError for trouble that says nothing of any object
 */
export async function checkObjects(
  family: readonly GatheredVersion[],
  expected: AsyncIterable<ExpectedObject>,
  level: Exclude<Level, 'restore'>,
  context: VerifyContext,
  { onReceived, onChecked }: { onReceived: (bytes: number) => void; onChecked: (bytes: number) => void },
): Promise<void> {
  const failure = new AbortController();
  const signal = AbortSignal.any([context.signal, failure.signal]);
  const check = checkOf(level, { ...context, signal }, onReceived);
  const window = level === 'data' ? WINDOW_OBJECTS : context.request.concurrency;
  const judged = mapOrdered(joinListing(expected, listed(family, context)), window, async (joined) => {
    try {
      signal.throwIfAborted();
      return { joined, verdict: await verdictOn(joined, check) };
    } catch (error) {
      // What waits for its turn would otherwise still be read, for nothing.
      failure.abort(error);
      throw error;
    }
  });
  for await (const { joined, verdict } of judged) {
    if (joined.expected === undefined) await settleUnexpected(joined.found, family, context);
    else if (verdict !== 'skipped') {
      await settle(joined.expected, verdict, context);
      onChecked(joined.expected.size);
    }
  }
}

function checkOf(
  level: Exclude<Level, 'restore'>,
  { request, reader, signal }: VerifyContext,
  onReceived: (bytes: number) => void,
): Check {
  const { keys, subset, concurrency, maxMemory } = request;
  const contentOf = ({ key, size, sha256 }: ExpectedObject) => ({ key: keys.absolute(key), size, sha256 });
  switch (level) {
    case 'objects':
      return async () => 'intact';
    case 'checksums':
      return (object) => compareChecksum(contentOf(object), reader);
    case 'data': {
      const isChosen = subset === undefined ? () => true : subsetFilter(subset);
      const read = { store: reader, signal, lanes: new Lanes(concurrency, RANGE_BYTES, maxMemory), onReceived };
      return async (object) => (isChosen(object.key) ? readContent(contentOf(object), read) : 'skipped');
    }
  }
}

async function verdictOn({ expected, found }: Joined, check: Check): Promise<Verdict | 'skipped'> {
  if (expected === undefined) return 'skipped';
  if (found === undefined) return { kind: 'missing', problem: 'it is not there' };
  return found.size === expected.size ? check(expected) : sizeFault(expected.size, found.size);
}

async function settle(
  { key, size, entries, isRepeated }: ExpectedObject,
  verdict: Verdict,
  { findings, request: { keys } }: VerifyContext,
): Promise<void> {
  if (!isRepeated) {
    findings.checked.objects += 1;
    findings.checked.bytes += size;
    if (verdict === 'unknown') findings.notComparable += 1;
  }
  if (typeof verdict === 'string') return;
  for (const { path, versions } of entries) {
    await findings.addDamage({ path, key: `${keys.base}${key}`, ...verdict, versions });
  }
}

/** Of a version that is not verified itself, or whose index is damaged, it is not known what belongs to it. */
async function settleUnexpected(
  { key: relative, size }: FoundObject,
  family: readonly GatheredVersion[],
  { findings, request: { keys } }: VerifyContext,
): Promise<void> {
  const key = `${keys.base}${relative}`;
  const owner = family.find(({ version, isWhole }) => isWhole && key.startsWith(keys.dataPrefix(version.id)));
  if (owner === undefined) return;
  const { id, index } = owner.record;
  if (relative !== index.key) findings.addExtra(key);
  // Its bytes are the right ones, as their digest has shown, so it is the record that is wrong.
  else if (size !== index.bytes) {
    const problem = `it says that the index has ${index.bytes} bytes, but it has ${size}`;
    await findings.addDamage({ key: keys.record(id), kind: 'record', problem, versions: [id] });
  }
}

/** All objects of all versions that the family is made of, in the order of their keys. */
async function* listed(
  family: readonly GatheredVersion[],
  { request: { keys }, store }: VerifyContext,
): AsyncGenerator<FoundObject> {
  const ids = new Set(family.flatMap(({ version, record }) => [version.id, ...record.leansOn]));
  const prefixes = [...ids]
    .filter((id) => parseVersionId(id)?.series === keys.location.series)
    .map((id) => keys.dataPrefix(id))
    .sort((a, b) => (byteOrder(a) < byteOrder(b) ? -1 : 1));
  for (const prefix of prefixes) {
    for await (const { key, size } of store.list(prefix)) yield { key: key.slice(keys.base.length), size };
  }
}
