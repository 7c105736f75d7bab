/** A first block starts this small: most streams are an index of a few lines. */
const FIRST_BYTES = 256 * 1024;

/** The bytes of a stream in blocks of one size, of which the last may be shorter and is never empty. */
export async function* blocksOf(body: AsyncIterable<Uint8Array>, size: number): AsyncGenerator<Buffer, undefined> {
  let block = Buffer.allocUnsafeSlow(Math.min(size, FIRST_BYTES));
  let filled = 0;
  for await (const chunk of body) {
    for (let taken = 0; taken < chunk.byteLength; ) {
      if (filled === block.byteLength) block = doubled(block, size);
      const piece = chunk.subarray(taken, taken + block.byteLength - filled);
      block.set(piece, filled);
      filled += piece.byteLength;
      taken += piece.byteLength;
      if (filled < size) continue;
      yield block;
      block = Buffer.allocUnsafeSlow(size);
      filled = 0;
    }
  }
  if (filled > 0) yield block.subarray(0, filled);
  return undefined;
}

function doubled(block: Buffer<ArrayBuffer>, most: number): Buffer<ArrayBuffer> {
  const larger = Buffer.allocUnsafeSlow(Math.min(most, block.byteLength * 2));
  larger.set(block);
  return larger;
}
