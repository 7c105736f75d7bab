import { byteOrder } from '../../byte-order.ts';
import { hasSameEtag } from '../../series/receipt.ts';
import { parseVersionId } from '../../series/version-id.ts';
import { mapOrdered } from '../../transfer/map-ordered.ts';
import { lanesForReading } from '../../transfer/read-object.ts';
import { compareChecksum, readContent, sizeFault, type Verdict } from '../../verification/check-content.ts';
import { type FoundObject, type Joined, joinListing } from '../../verification/join-listing.ts';
import { type ExpectedObject, isSameDescription } from '../../verification/references.ts';
import { subsetFilter } from '../../verification/subset.ts';
import type { Level } from '../../verification/types.ts';
import type { ProgressReporter } from '../progress-reporter.ts';
import type { PackToRead } from './check-packs.ts';
import type { GatheredVersion } from './gather.ts';
import { ObjectProgress } from './object-progress.ts';
import type { VerifyContext } from './request.ts';

/** Objects begun and not yet judged: bounds memory, and how far small ones may run ahead of a large one. */
const WINDOW_OBJECTS = 1024;

/** What came of a look: `skipped` where the subset leaves the object out, `later` for a pack that is to be read. */
type Look = Verdict | 'skipped' | 'later';

/** What is looked at of an object that is there with the right size. */
type Check = (expected: ExpectedObject, found: FoundObject, onReceived: OnReceived) => Promise<Look>;

/** Called with the number of all bytes that are read. */
type OnReceived = (bytes: number) => void;

/** How deep to look; `sizes` is for what a drill has read already. */
export type Depth = Exclude<Level, 'restore'> | 'sizes';

/**
 * Compares the objects that the indexes of a family expect with what the store lists, one listing for the data of each
 * version, and looks into those that are there as deep as they are to be.
 *
 * @param expected sorted; see `expectedObjects`
 * @returns the packs whose contents are to be read, which are there and have the right size
 * @throws BackupError for trouble that says nothing of any object
 */
export async function checkObjects(
  family: readonly GatheredVersion[],
  expected: AsyncIterable<ExpectedObject>,
  depth: Depth,
  context: VerifyContext,
  reporter: ProgressReporter,
): Promise<readonly PackToRead[]> {
  const failure = new AbortController();
  const signal = AbortSignal.any([context.signal, failure.signal]);
  const check = rememberingLast(checkOf(depth, { ...context, signal }));
  const window = depth === 'data' ? WINDOW_OBJECTS : context.request.concurrency;
  const judged = mapOrdered(joinListing(expected, listed(family, context)), window, async (joined) => {
    try {
      signal.throwIfAborted();
      const progress = joined.expected && new ObjectProgress(joined.expected, reporter);
      return { joined, progress, verdict: await verdictOn(joined, check, progress?.onReceived ?? nobody) };
    } catch (error) {
      // What waits for its turn would otherwise still be read, for nothing.
      failure.abort(error);
      throw error;
    }
  });
  const packs = new PacksToRead();
  for await (const { joined, progress, verdict } of judged) {
    if (joined.expected === undefined) await settleUnexpected(joined.found, family, context);
    else if (verdict === 'later') packs.add(joined.expected);
    else {
      if (verdict !== 'skipped') await settle(joined.expected, verdict, context);
      progress?.finish();
    }
  }
  return packs.all;
}

/** An object with very many entries comes in pieces: one look is enough for all of them. */
function rememberingLast(check: Check): Check {
  let last: { readonly object: ExpectedObject; readonly look: Promise<Look> } | undefined;
  return (object, found, onReceived) => {
    if (last !== undefined && isSameObject(last.object, object)) return last.look;
    last = { object, look: check(object, found, onReceived) };
    return last.look;
  };
}

/** Packs to be read, each once, but again where versions do not agree about it. */
class PacksToRead {
  readonly all: (PackToRead & { amount: PackToRead['amount'] })[] = [];

  add({ key, size, sha256, amount: { files, bytes } }: ExpectedObject): void {
    const last = this.all.at(-1);
    const isSame = last?.key === key && last.size === size && last.sha256 === sha256;
    if (isSame) last.amount = { files: last.amount.files + files, bytes: last.amount.bytes + bytes };
    else this.all.push({ key, size, sha256, amount: { files, bytes } });
  }
}

function checkOf(depth: Depth, { request, reader, signal, pace }: VerifyContext): Check {
  const { keys, subset, maxMemory } = request;
  const contentOf = ({ key, size, sha256, form, receipt }: ExpectedObject) => ({
    key: keys.absolute(key),
    size,
    sha256,
    ...(receipt && { receipt }),
    ...(form.kind === 'compressed' && { decoded: { size: form.size, sha256: form.sha256 } }),
  });
  switch (depth) {
    case 'sizes':
      return async () => 'intact';
    case 'objects':
      return async (object, { etag }) =>
        hasSameEtag(object.receipt, etag) ? 'intact' : compareChecksum(contentOf(object), reader);
    case 'checksums':
      return (object) => compareChecksum(contentOf(object), reader);
    case 'data': {
      const isChosen = subset === undefined ? () => true : subsetFilter(subset);
      const read = { store: reader, signal, lanes: lanesForReading(pace, maxMemory) };
      return async (object, _, onReceived) => {
        if (!isChosen(object.key)) return 'skipped';
        return object.form.kind === 'pack' ? 'later' : readContent(contentOf(object), { ...read, onReceived });
      };
    }
  }
}

function nobody(): void {}

async function verdictOn({ expected, found }: Joined, check: Check, onReceived: OnReceived): Promise<Look> {
  if (expected === undefined) return 'skipped';
  if (found === undefined) return { kind: 'missing', problem: 'it is not there' };
  return found.size === expected.size ? check(expected, found, onReceived) : sizeFault(expected.size, found.size);
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
  const { id, index, packs } = owner.record;
  // One that has links and directories only is a pack that no file refers to.
  if (packs.some((pack) => pack.key === relative)) return;
  if (relative !== index.key) findings.addExtra(key);
  // Its bytes are the right ones, as their digest has shown, so it is the record that is wrong.
  else if (size !== index.bytes) {
    const problem = `it says that the index has ${index.bytes} bytes, but it has ${size}`;
    await findings.addDamage({ key: keys.record(id), kind: 'record', problem, versions: [id] });
  }
}

function isSameObject(a: ExpectedObject, b: ExpectedObject): boolean {
  return a.order === b.order && isSameDescription(a, b);
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
    for await (const { key, size, etag } of store.list(prefix)) {
      yield { key: key.slice(keys.base.length), size, ...(etag && { etag }) };
    }
  }
}
