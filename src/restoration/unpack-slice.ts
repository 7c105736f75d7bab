import type { MemberClaim } from '../pack/member-claim.ts';
import { PackProblem } from '../pack/problem.ts';
import { decodeSlice, memberIn } from '../pack/slice-reader.ts';
import type { FileEntry } from '../series/model.ts';
import type { Place } from './temporary-file.ts';
import { writeSmallFile } from './write-small-file.ts';

/** A file to be written, and what of the slice it is. Plain data. */
export interface PackedWrite {
  readonly claim: MemberClaim;
  readonly place: Place;
  /** Its path in the version, for errors; mode and time it gets. */
  readonly entry: Pick<FileEntry, 'path' | 'mode' | 'mtime'>;
}

/** What is wrong with a slice, and for which entry. Nothing of the slice was written then. */
export interface SliceProblem {
  /** Of the entry. Hostile text. */
  readonly path: string;
  readonly problem: PackProblem;
}

/**
 * Takes files out of a slice and writes them: none before all of them are known to be good.
 *
 * @param bytes of the slice, as stored
 * @param writes by place in the slice; files with the same content may follow each other
 * @throws BackupError of class `local`
 */
export function unpackSlice(bytes: Uint8Array, writes: readonly PackedWrite[]): SliceProblem | undefined {
  let path = writes[0]?.entry.path ?? '';
  const contents: Uint8Array[] = [];
  try {
    const decoded = decodeSlice(
      bytes,
      writes.map(({ claim }) => claim),
    );
    let last: { readonly claim: MemberClaim; readonly content: Uint8Array } | undefined;
    for (const { claim, entry } of writes) {
      path = entry.path;
      if (last === undefined || !isSame(last.claim, claim)) last = { claim, content: memberIn(decoded, claim) };
      contents.push(last.content);
    }
  } catch (error) {
    if (error instanceof PackProblem) return { path, problem: error };
    throw error;
  }
  for (const [index, { entry, place }] of writes.entries()) writeSmallFile(contents[index] ?? NOTHING, entry, place);
  return undefined;
}

const NOTHING = new Uint8Array();

/** Then what was found for the one is found for the other, and its bytes need no second look. */
function isSame(a: MemberClaim, b: MemberClaim): boolean {
  return (
    a.skip === b.skip &&
    a.name === b.name &&
    a.size === b.size &&
    a.sha256 === b.sha256 &&
    a.mode === b.mode &&
    a.mtime === b.mtime
  );
}
