import { hash } from 'node:crypto';
import { decodeFrameSync } from './decode-frame.ts';
import { FrameCutter } from './frame-cutter.ts';
import { checkMember, headerAt, type MemberClaim } from './member-claim.ts';
import { PackProblem } from './problem.ts';
import { BLOCK_BYTES } from './tar-format.ts';
import { MAX_PAX_BYTES } from './tar-reader.ts';

/** A PAX header with its own, and the member's. */
const MAX_HEADER_BYTES = MAX_PAX_BYTES + 3 * BLOCK_BYTES;

/**
 * Decodes a slice that fits into memory, frame by frame.
 *
 * @param bytes of whole frames
 * @param claims the members that are wanted of it; nothing is decoded that is not needed for them
 * @throws PackProblem for anything else than whole frames, and for more of them than the members need
 */
export function decodeSlice(bytes: Uint8Array, claims: readonly Pick<MemberClaim, 'skip' | 'size'>[]): Buffer {
  const needed = Math.max(...claims.map(({ skip, size }) => skip + MAX_HEADER_BYTES + size));
  const cutter = new FrameCutter();
  const decoded: Buffer[] = [];
  let length = 0;
  for (const frame of cutter.cut(bytes)) {
    if (length >= needed) throw new PackProblem('its slice has more frames than its content needs');
    const content = decodeFrameSync(frame);
    decoded.push(content);
    length += content.byteLength;
  }
  cutter.finish();
  const [first] = decoded;
  return first !== undefined && decoded.length === 1 ? first : Buffer.concat(decoded);
}

/**
 * The content of a member whose header, size and SHA-256 are what the index says. It shares the memory of the slice.
 *
 * @param decoded see {@link decodeSlice}
 * @throws PackProblem
 */
export function memberIn(decoded: Buffer, claim: MemberClaim): Buffer {
  const { member, headerBytes } = headerAt(decoded.subarray(claim.skip));
  checkMember(member, claim);
  const start = claim.skip + headerBytes;
  const content = decoded.subarray(start, start + claim.size);
  if (content.byteLength < claim.size) throw new PackProblem('its slice ends before its content does');
  const found = hash('sha256', content, 'hex');
  if (found !== claim.sha256) throw new PackProblem(`its content has SHA-256 ${found} instead of ${claim.sha256}`);
  return content;
}
