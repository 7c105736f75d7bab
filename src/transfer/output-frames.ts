import { createHash } from 'node:crypto';
import { sampleRatio } from '../pack/compression.ts';
import { blocksOf } from '../stream-blocks.ts';
import { FRAME_BYTES } from './file-frames.ts';
import { LARGE_FILE_BYTES, PAYS_BELOW_RATIO } from './loose-files.ts';

/** Places of the first block that are looked at, spread from its start to its end. */
const SAMPLES = 4;

/** Output of unknown length, of which the beginning has been looked at. */
export interface BegunOutput {
  /** A sample of its beginning says that compressing pays; never of less than a large file. */
  readonly pays: boolean;
  /** All of it in blocks of {@link FRAME_BYTES}, the last one shorter; an empty one is one empty block. Read once. */
  readonly blocks: AsyncIterable<Uint8Array>;
}

/** Reads the first mebibyte of an output, or all of a shorter one, to see what it is like. */
export async function beginOutput(bytes: AsyncIterable<Uint8Array>): Promise<BegunOutput> {
  const source = blocksOf(bytes, FRAME_BYTES);
  const { value: first = Buffer.alloc(0) } = await source.next();
  const pays = first.byteLength >= LARGE_FILE_BYTES && ratioOf(first) < PAYS_BELOW_RATIO;
  return { pays, blocks: continued(first, source) };
}

async function* continued(first: Uint8Array, rest: AsyncGenerator<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield first;
    yield* rest;
  } finally {
    await rest.return(undefined);
  }
}

function ratioOf(block: Uint8Array): number {
  const length = Math.ceil(block.byteLength / SAMPLES);
  const ratios = Array.from({ length: SAMPLES }, (_, index) =>
    sampleRatio(block.subarray(index * length, (index + 1) * length)),
  );
  return ratios.reduce((sum, ratio) => sum + ratio, 0) / SAMPLES;
}

/** Counts and hashes what comes by. */
export class ContentTap {
  readonly #hash = createHash('sha256');
  #size = 0;

  async *through(blocks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const block of blocks) {
      this.#hash.update(block);
      this.#size += block.byteLength;
      yield block;
    }
  }

  /** Of all that has come by, once it has. */
  digest(): { readonly size: number; readonly sha256: string } {
    return { size: this.#size, sha256: this.#hash.copy().digest('hex') };
  }
}
