import { isClass } from '../../src/errors.ts';
import { encodeClaim } from '../../src/series/claim.ts';
import { encodeEntry } from '../../src/series/entry-line.ts';
import { writeIndex } from '../../src/series/index-file.ts';
import type { Entry, FileEntry } from '../../src/series/model.ts';
import { receiptOf } from '../../src/series/receipt.ts';
import { encodeRecord, type PackReference } from '../../src/series/record.ts';
import { RunningTotals } from '../../src/series/running-totals.ts';
import { formatVersionId } from '../../src/series/version-id.ts';
import type { ObjectStore } from '../../src/store/object-store.ts';
import { asyncOf, KEYS, RECORD, TIME } from '../series/series-fixture.ts';
import { type PackFixture, sha256 } from './pack-fixture.ts';

export interface PackedVersion {
  readonly number?: number;
  readonly packs?: readonly PackFixture[];
  /** Beside those of the packs. */
  readonly entries?: readonly Entry[];
  /** By key, relative to the series. */
  readonly objects?: Readonly<Record<string, Buffer>>;
  /** Versions, and packs of theirs, that are referred to. */
  readonly leansOn?: readonly string[];
  readonly borrowed?: readonly PackFixture[];
  /** In the place of those of the packs and the others. */
  readonly change?: (entries: readonly Entry[]) => readonly Entry[];
}

export function packedId(number = 1, type: 'full' | 'incremental' = 'full'): string {
  return formatVersionId({ series: 'dist', type, time: TIME, number });
}

export const packKey = (number = 1, pack = 1) => `data/${packedId(number)}/packs/000${pack}.tar.zst`;

/** Stores a version with packs as a backup would, claim and all. */
export async function publishPacked(store: ObjectStore, version: PackedVersion): Promise<string> {
  const { number = 1, packs = [], entries = [], objects = {}, leansOn = [], borrowed = [] } = version;
  const id = packedId(number, leansOn.length > 0 ? 'incremental' : 'full');
  for (const pack of packs) await put(store, pack.key, pack.bytes());
  for (const [key, bytes] of Object.entries(objects)) await put(store, key, bytes);
  const own = await Promise.all(entries.map((entry) => (entry.type === 'file' ? withReceipt(store, entry) : entry)));
  const honest = [...packs.flatMap((pack) => pack.entries), ...own];
  const all = (version.change?.(honest) ?? honest).toSorted((a, b) => (a.path < b.path ? -1 : 1));
  const totals = new RunningTotals();
  for (const entry of all) totals.add(entry);
  const index = await writeIndex(store, KEYS, id, asyncOf(all.map(encodeEntry)), {});
  const shared = { id, number, nonce: RECORD.nonce, run: RECORD.run, leansOn };
  await store.put(KEYS.claim({ number }), encodeClaim(shared));
  const type = leansOn.length > 0 ? 'incremental' : 'full';
  const references = await Promise.all(
    [...packs, ...borrowed].map((pack) => withReceipt<PackReference>(store, pack.reference())),
  );
  const record = { ...RECORD, ...shared, type, totals: totals.current(), index, packs: references } as const;
  await store.put(KEYS.record(id), encodeRecord(record));
  return id;
}

async function put(store: ObjectStore, key: string, bytes: Buffer): Promise<void> {
  await store.put(KEYS.absolute(key), bytes, { sha256: sha256(bytes) });
}

/** With what the store says of the object, if there is one. */
async function withReceipt<T extends FileEntry | PackReference>(store: ObjectStore, object: T): Promise<T> {
  if ('slice' in object) return object;
  try {
    const receipt = receiptOf(await store.head(KEYS.absolute(object.key)));
    return { ...object, ...(receipt && { receipt }) };
  } catch (error) {
    if (isClass(error, 'not-found')) return object;
    throw error;
  }
}
