import { createHash } from 'node:crypto';
import { checkMember, headerAt, type MemberClaim } from './member-claim.ts';
import { PackProblem } from './problem.ts';
import { parseHeader } from './tar-reader.ts';

/** A member that does not fit into memory: takes what the frames of its slice decode to, and gives its content. */
export class MemberStream {
  readonly #claim: MemberClaim;
  readonly #hash = createHash('sha256');
  #toSkip: number;
  /** What is there of the header; undefined once it has been read. */
  #header: Buffer | undefined = Buffer.alloc(0);
  #left: number;

  constructor(claim: MemberClaim) {
    this.#claim = claim;
    this.#toSkip = claim.skip;
    this.#left = claim.size;
  }

  /**
   * @param decoded the next frame
   * @returns what of it is the member's content
   * @throws PackProblem
   */
  take(decoded: Buffer): Buffer {
    if (this.#header === undefined && this.#left === 0) {
      throw new PackProblem('its slice has more frames than its content needs');
    }
    const skipped = Math.min(this.#toSkip, decoded.byteLength);
    this.#toSkip -= skipped;
    const body = this.#afterHeader(decoded.subarray(skipped));
    const content = body.subarray(0, this.#left);
    this.#left -= content.byteLength;
    this.#hash.update(content);
    return content;
  }

  /** @throws PackProblem where the content is not whole, or not the one the index speaks of */
  finish(): void {
    if (this.#header !== undefined || this.#left > 0) {
      throw new PackProblem('its slice ends before its content does');
    }
    const found = this.#hash.digest('hex');
    const { sha256 } = this.#claim;
    if (found !== sha256) throw new PackProblem(`its content has SHA-256 ${found} instead of ${sha256}`);
  }

  #afterHeader(bytes: Buffer): Buffer {
    if (this.#header === undefined) return bytes;
    if (bytes.byteLength === 0) return bytes;
    const all = Buffer.concat([this.#header, bytes]);
    if (parseHeader(all).kind === 'short') {
      this.#header = all;
      return all.subarray(all.byteLength);
    }
    const { member, headerBytes } = headerAt(all);
    checkMember(member, this.#claim);
    this.#header = undefined;
    return all.subarray(headerBytes);
  }
}
