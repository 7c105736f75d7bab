import { type Frame, MAX_FRAME_BYTES } from './decode-frame.ts';
import { PackProblem } from './problem.ts';
import { findFrame } from './zstd-frame.ts';

/** A frame and where it begins. */
export interface PlacedFrame extends Frame {
  /** Of its first byte, from that of the first bytes that were cut. */
  readonly offset: number;
}

/** Cuts bytes that come in pieces into zstd frames. Holds no more than the beginning of one frame. */
export class FrameCutter {
  #rest: Uint8Array = new Uint8Array();
  #offset = 0;

  /**
   * The frames that end in these bytes. They share the memory of the bytes where they lie in them whole.
   * @throws PackProblem for what is no frame
   */
  *cut(bytes: Uint8Array): Generator<PlacedFrame> {
    let left = this.#rest.byteLength === 0 ? bytes : Buffer.concat([this.#rest, bytes]);
    while (left.byteLength > 0) {
      const found = findFrame(left, MAX_FRAME_BYTES);
      if (found.kind === 'bad') throw new PackProblem(found.problem);
      if (found.kind === 'short') break;
      const offset = this.#offset;
      this.#offset += found.bytes;
      yield { offset, bytes: left.subarray(0, found.bytes), content: found.content };
      left = left.subarray(found.bytes);
    }
    // A copy: the memory of the bytes is used again.
    this.#rest = Buffer.from(left);
  }

  /** @throws PackProblem where the bytes end within a frame */
  finish(): void {
    if (this.#rest.byteLength > 0) throw new PackProblem('it ends within a zstd frame');
  }
}
