import { type Frame, MAX_FRAME_BYTES } from './decode-frame.ts';
import { PackProblem } from './problem.ts';
import { findFrame } from './zstd-frame.ts';

/** Of what follows, joined with the beginning of a frame: most frames end within so much. */
const JOINED_BYTES = 1024 * 1024;

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
    let left = bytes;
    if (this.#rest.byteLength > 0) {
      const spanning = this.#findSpanning(bytes);
      if (spanning === undefined) {
        this.#rest = Buffer.concat([this.#rest, bytes]);
        return;
      }
      left = bytes.subarray(spanning.bytes.byteLength - this.#rest.byteLength);
      yield this.#place(spanning);
    }
    for (let frame = cutFirst(left); frame !== undefined; frame = cutFirst(left)) {
      left = left.subarray(frame.bytes.byteLength);
      yield this.#place(frame);
    }
    // A copy: the memory of the bytes is used again.
    this.#rest = Buffer.from(left);
  }

  /** The frame that began in earlier bytes. Only as much of these as it may need is copied: they are mebibytes. */
  #findSpanning(bytes: Uint8Array): Frame | undefined {
    for (let needed = JOINED_BYTES; ; needed *= 2) {
      const frame = cutFirst(Buffer.concat([this.#rest, bytes.subarray(0, needed)]));
      if (frame !== undefined || needed >= bytes.byteLength) return frame;
    }
  }

  #place(frame: Frame): PlacedFrame {
    const offset = this.#offset;
    this.#offset += frame.bytes.byteLength;
    return { ...frame, offset };
  }

  /** @throws PackProblem where the bytes end within a frame */
  finish(): void {
    if (this.#rest.byteLength > 0) throw new PackProblem('it ends within a zstd frame');
  }
}

/** The frame at the start of the bytes; undefined where it is not there whole. @throws PackProblem for what is no frame */
function cutFirst(bytes: Uint8Array): Frame | undefined {
  if (bytes.byteLength === 0) return undefined;
  const found = findFrame(bytes, MAX_FRAME_BYTES);
  if (found.kind === 'bad') throw new PackProblem(found.problem);
  return found.kind === 'short' ? undefined : { bytes: bytes.subarray(0, found.bytes), content: found.content };
}
