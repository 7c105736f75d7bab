import { byteOrder } from '../byte-order.ts';
import { claimOf, type MemberClaim } from '../pack/member-claim.ts';
import { placeKey } from '../pack/pack-spools.ts';
import type { PackPart } from '../pack/plan-reads.ts';
import type { FileEntry, Slice } from '../series/model.ts';

/** One entry of one version, and where in a pack its bytes are. */
export interface PackedReference {
  /** Sorts by the bytes of the pack's key, then by place in the pack, then by the bytes of the path, then by version. */
  readonly key: string;
  /** Key of the pack, relative to the series. */
  readonly pack: string;
  readonly path: string;
  /** ID. */
  readonly version: string;
  readonly part: PackPart;
  readonly claim: MemberClaim;
}

/** An entry with the versions that have it at the same place. */
export interface PackedEntry {
  readonly path: string;
  readonly versions: readonly string[];
  readonly part: PackPart;
  readonly claim: MemberClaim;
}

/** @param isOwn whether the pack is of the version itself, and not of one it leans on */
export function packedReferenceOf(entry: FileEntry, slice: Slice, version: string, isOwn: boolean): PackedReference {
  const { key: pack, path } = entry;
  const { offset, bytes, skip } = slice;
  // Keys have no NUL, so those of other packs stay together.
  const key = `${byteOrder(pack)}\0${placeKey(slice, skip)}\0${byteOrder(path)}\0${version}`;
  return { key, pack, path, version, part: { offset, bytes }, claim: claimOf(entry, slice, isOwn) };
}

/**
 * Puts the same entry of several versions together.
 * @param references by key
 */
export async function* packedEntries(references: AsyncIterable<PackedReference>): AsyncGenerator<PackedEntry> {
  let open: (PackedEntry & { readonly versions: string[] }) | undefined;
  for await (const { path, version, part, claim } of references) {
    if (open?.path === path && isSame(open, { part, claim })) {
      open.versions.push(version);
      continue;
    }
    if (open !== undefined) yield open;
    open = { path, versions: [version], part, claim };
  }
  if (open !== undefined) yield open;
}

function isSame(a: Pick<PackedEntry, 'part' | 'claim'>, b: Pick<PackedEntry, 'part' | 'claim'>): boolean {
  return JSON.stringify([a.part, a.claim]) === JSON.stringify([b.part, b.claim]);
}
