/** The bytes of a stream in blocks of one size, of which the last may be shorter and is never empty. */
export async function* blocksOf(body: AsyncIterable<Uint8Array>, size: number): AsyncGenerator<Buffer, undefined> {
  let block = Buffer.allocUnsafeSlow(size);
  let filled = 0;
  for await (const chunk of body) {
    for (let taken = 0; taken < chunk.byteLength; ) {
      const piece = chunk.subarray(taken, taken + size - filled);
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
