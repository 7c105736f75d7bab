import type { FileEntry, Slice } from '../series/model.ts';
import { formatMtime } from '../series/mtime.ts';
import { PackProblem } from './problem.ts';
import type { TarMember } from './tar-format.ts';
import { type ParsedHeader, parseHeader } from './tar-reader.ts';

/** What the index says of a member of a pack. Plain data: it goes to disk and between threads. */
export interface MemberClaim {
  /** As in the tar header. */
  readonly name: string;
  readonly size: number;
  /** 64 hex digits. */
  readonly sha256: string;
  /** From the first decoded byte of the slice to the member's first header. */
  readonly skip: number;
  /** Four octal digits; see {@link claimOf} for when there is one. */
  readonly mode?: string;
  /** RFC 3339; present with `mode`. */
  readonly mtime?: string;
}

/**
 * What a packed entry says its member is. Mode and time have to agree only where the member was written for this very
 * entry: by the same version, under the same name. Equal content is stored once, so other entries, and later versions
 * that lean on this one, refer to it with modes and times of their own.
 *
 * @param isOwn whether the pack is of the version itself
 */
export function claimOf(entry: FileEntry, { skip, member }: Slice, isOwn: boolean): MemberClaim {
  const { path, size, sha256, mode, mtime } = entry;
  const isMadeFor = isOwn && member === undefined;
  return { name: member ?? path, size, sha256, skip, ...(isMadeFor && { mode, mtime }) };
}

/**
 * The header at the start of some bytes, which has to be there whole.
 * @throws PackProblem
 */
export function headerAt(bytes: Uint8Array): Extract<ParsedHeader, { readonly kind: 'member' }> {
  const header = parseHeader(bytes);
  if (header.kind === 'member') return header;
  if (header.kind === 'bad') throw new PackProblem(header.problem);
  throw new PackProblem('there is no tar header where the index says there is one');
}

/** @throws PackProblem that names the first thing in which the tar header and the index disagree */
export function checkMember(found: TarMember, { name, size, mode, mtime }: MemberClaim): void {
  if (found.type !== 'file') throw disagreement('type', 'file', found.type);
  if (found.path !== name) throw disagreement('name', JSON.stringify(name), JSON.stringify(found.path));
  if (found.size !== size) throw disagreement('size', String(size), String(found.size));
  if (mode === undefined || mtime === undefined) return;
  if (found.mode !== Number.parseInt(mode, 8))
    throw disagreement('mode', mode, found.mode.toString(8).padStart(4, '0'));
  const time = formatMtime(found.mtimeNs);
  if (time !== mtime) throw disagreement('time', mtime, time);
}

export function disagreement(what: string, expected: string, found: string): PackProblem {
  return new PackProblem(`the index says its ${what} is ${expected}, and the tar header says ${found}`);
}
