import { availableParallelism } from 'node:os';
import { decodeFrame } from '../pack/decode-frame.ts';
import { FrameCutter } from '../pack/frame-cutter.ts';
import type { ObjectKey } from '../store/object-key.ts';
import { asDamageOf } from './damage.ts';
import { mapOrdered } from './map-ordered.ts';
import { fill, RANGE_BYTES, type ReadContext } from './read-object.ts';

/** Ranges begun and not yet decoded; what is held in memory is bounded by the lanes. */
const RANGES_AHEAD = 8;

/** Frames decoded at once, on Node's threads. */
const FRAMES_AT_ONCE = Math.min(availableParallelism(), 4);

/** Whole zstd frames in an object. */
export interface FrameRange {
  readonly key: ObjectKey;
  readonly start: number;
  /** One past the last byte. */
  readonly end: number;
  /** Of the entry they are read for, for errors. Hostile text. */
  readonly path?: string;
}

/** A frame and what it decodes to. */
export interface DecodedFrame {
  /** In the object. */
  readonly offset: number;
  /** As stored. */
  readonly bytes: number;
  readonly content: Buffer;
}

export interface FrameSink {
  /** Takes every frame, in order. */
  readonly onFrame: (frame: DecodedFrame) => Promise<void>;
  /** Takes every byte as it is stored, in order. */
  readonly onStored?: (bytes: Uint8Array) => void;
  /** Called after the last frame. */
  readonly onEnd?: () => void | Promise<void>;
}

/**
 * Reads frames in parallel ranges and hands on what they decode to, frame by frame and in order. Memory depends on the
 * lanes and on what a frame may decode to.
 *
 * @throws BackupError with code `DAMAGED` for anything but whole frames with right checksums, and where the sink throws
 *   a `PackProblem`; of class `not-found`; what the sink throws
 */
export async function readFrames(frames: FrameRange, sink: FrameSink, context: ReadContext): Promise<void> {
  const { key, path, start, end } = frames;
  const cutter = new FrameCutter();
  await asDamageOf(key, path, async () => {
    let decoded: Promise<void> = Promise.resolve();
    const ranges = mapOrdered(rangesOf(start, end), RANGES_AHEAD, (range) => {
      const before = decoded;
      decoded = context.lanes.withBuffer(range.end - range.start, async (buffer) => {
        await fill(buffer, key, { range }, context);
        await before;
        sink.onStored?.(buffer);
        for await (const frame of decodeAll(cutter.cut(buffer), start)) await sink.onFrame(frame);
      });
      return decoded;
    });
    await Array.fromAsync(ranges, () => undefined);
    cutter.finish();
    await sink.onEnd?.();
  });
}

function decodeAll(frames: ReturnType<FrameCutter['cut']>, start: number): AsyncGenerator<DecodedFrame> {
  async function* found() {
    yield* frames;
  }
  return mapOrdered(found(), FRAMES_AT_ONCE, async (frame) => ({
    offset: start + frame.offset,
    bytes: frame.bytes.byteLength,
    content: await decodeFrame(frame),
  }));
}

async function* rangesOf(start: number, end: number): AsyncGenerator<{ readonly start: number; readonly end: number }> {
  for (let from = start; from < end; from += RANGE_BYTES) yield { start: from, end: Math.min(from + RANGE_BYTES, end) };
}
