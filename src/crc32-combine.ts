/** The polynomial of CRC-32 (ISO 3309, RFC 1952 section 8), reflected: the highest bit stands for x^0. */
const POLYNOMIAL = 0xedb88320;

/** x^0 and x^8. */
const ONE = 0x80000000;
const ONE_BYTE = 0x00800000;

/**
 * The CRC-32 of two sequences of bytes one after the other, from theirs: no byte is looked at again. After zlib's
 * `crc32_combine` (crc32.c): what follows shifts the first by as many bytes.
 *
 * @param bytes length of the second
 * @returns as `crc32` of `node:zlib`, an unsigned number
 */
export function combineCrc32(first: number, second: number, bytes: number): number {
  return (multiply(shiftBy(bytes), first) ^ second) >>> 0;
}

/** x^(8 · bytes) modulo the polynomial. */
function shiftBy(bytes: number): number {
  let power = ONE;
  let square = ONE_BYTE;
  for (let rest = bytes; rest > 0; rest = Math.floor(rest / 2)) {
    if (rest % 2 === 1) power = multiply(power, square);
    square = multiply(square, square);
  }
  return power;
}

/** Product of two reflected polynomials modulo {@link POLYNOMIAL}. */
function multiply(left: number, right: number): number {
  let product = 0;
  let shifted = right;
  for (let bit = ONE; bit !== 0; bit >>>= 1) {
    if (left & bit) product ^= shifted;
    shifted = shifted & 1 ? (shifted >>> 1) ^ POLYNOMIAL : shifted >>> 1;
  }
  return product;
}
