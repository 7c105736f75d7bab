/**
 * Returns the memory of bytes that nobody reads any more at once, where the garbage collector would let dozens of
 * mebibytes pile up first, and then look at the whole heap because of them. For bytes that are alone in their buffer.
 */
export function freeMemory({ buffer }: Uint8Array): void {
  // What is small may lie in the pool of Node's buffers beside others.
  if (buffer instanceof ArrayBuffer && buffer.byteLength > Buffer.poolSize) buffer.transfer(0);
}
