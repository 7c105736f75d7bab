import { createHash, type Hash } from 'node:crypto';
import { PackProblem } from './problem.ts';
import { END_BYTES, paddingOf, type TarMember } from './tar-format.ts';
import { parseHeader } from './tar-reader.ts';

/** A member and where it was found. */
export interface FoundMember {
  readonly member: TarMember;
  /** Of its content, 64 hex digits. */
  readonly sha256: string;
  /** Of the frame in which its first header begins. */
  readonly offset: number;
  /** From there to the end of the frame in which its content ends. */
  readonly bytes: number;
  /** Decoded bytes of the first frame before the header. */
  readonly skip: number;
}

interface OpenMember {
  readonly member: TarMember;
  readonly offset: number;
  readonly skip: number;
  readonly hash: Hash;
  left: number;
}

/** Goes through a pack from its first frame to its last as `tar` would, and leaves no byte out. */
export class PackWalk {
  /** What is there of a header that is not whole yet, and where it began. */
  #header: { readonly bytes: Buffer; readonly offset: number; readonly skip: number } | undefined;
  #member: OpenMember | undefined;
  /** Zeros that have to come before the next header. */
  #padding = 0;
  /** Zeros after the last member; undefined before it has been read. */
  #endBytes: number | undefined;

  /**
   * @returns the members whose content ends in this frame, in order
   * @throws PackProblem for what is no archive that this project writes
   */
  *take(frame: { readonly offset: number; readonly bytes: number; readonly content: Buffer }): Generator<FoundMember> {
    const { content } = frame;
    for (let position = 0; position < content.byteLength; ) {
      const rest = content.subarray(position);
      if (this.#endBytes !== undefined) position += this.#takeZeros(rest, rest.byteLength);
      else if (this.#padding > 0) position += this.#takePadding(rest);
      else if (this.#member === undefined) position += this.#takeHeader(rest, frame.offset, position);
      else position += takeContent(this.#member, rest);
      if (this.#member?.left === 0) yield this.#close(this.#member, frame.offset + frame.bytes);
    }
  }

  /** @throws PackProblem where the archive does not end as one does */
  finish(): void {
    if (this.#endBytes === undefined || this.#endBytes < END_BYTES) {
      throw new PackProblem('it ends before the two blocks of zeros that end an archive');
    }
  }

  #takeZeros(bytes: Buffer, length: number): number {
    const zeros = bytes.subarray(0, length);
    if (zeros.some((byte) => byte !== 0)) throw new PackProblem('there is something where only zeros should be');
    if (this.#endBytes !== undefined) this.#endBytes += zeros.byteLength;
    return zeros.byteLength;
  }

  #takePadding(bytes: Buffer): number {
    const taken = this.#takeZeros(bytes, this.#padding);
    this.#padding -= taken;
    return taken;
  }

  #takeHeader(bytes: Buffer, offset: number, skip: number): number {
    const begun = this.#header ?? { bytes: Buffer.alloc(0), offset, skip };
    const all = begun.bytes.byteLength === 0 ? bytes : Buffer.concat([begun.bytes, bytes]);
    const header = parseHeader(all);
    if (header.kind === 'bad') throw new PackProblem(header.problem);
    if (header.kind === 'short') {
      this.#header = { ...begun, bytes: Buffer.from(all) };
      return bytes.byteLength;
    }
    this.#header = undefined;
    if (header.kind === 'end') {
      this.#endBytes = begun.bytes.byteLength;
      return 0;
    }
    const { member, headerBytes } = header;
    this.#member = {
      member,
      offset: begun.offset,
      skip: begun.skip,
      hash: createHash('sha256'),
      left: member.size,
    };
    return headerBytes - begun.bytes.byteLength;
  }

  #close({ member, offset, skip, hash }: OpenMember, end: number): FoundMember {
    this.#member = undefined;
    this.#padding = paddingOf(member.size);
    return { member, sha256: hash.digest('hex'), offset, bytes: end - offset, skip };
  }
}

function takeContent(open: OpenMember, bytes: Buffer): number {
  const content = bytes.subarray(0, open.left);
  open.hash.update(content);
  open.left -= content.byteLength;
  return content.byteLength;
}
