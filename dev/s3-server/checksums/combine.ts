import { type Algorithm, type ChecksumType, startChecksum } from './algorithms.ts';

/** A part's own checksum, base64, and its size in bytes. */
export interface PartChecksum {
  readonly value: string;
  readonly size: number;
}

interface Crc {
  readonly bits: bigint;
  /** Reflected polynomial: the highest bit stands for x^0. */
  readonly polynomial: bigint;
}

const CRCS: Partial<Readonly<Record<Algorithm, Crc>>> = {
  CRC32: { bits: 32n, polynomial: 0xedb88320n },
  CRC32C: { bits: 32n, polynomial: 0x82f63b78n },
  CRC64NVME: { bits: 64n, polynomial: 0x9a6c9329ac4bc9b5n },
};

/**
 * The types an algorithm allows for a multipart upload, the default first.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity-upload.html
 */
export function checksumTypes(algorithm: Algorithm): readonly ChecksumType[] {
  if (algorithm === 'CRC64NVME') return ['FULL_OBJECT'];
  return algorithm in CRCS ? ['COMPOSITE', 'FULL_OBJECT'] : ['COMPOSITE'];
}

/** Product of two reflected polynomials modulo the CRC's own. */
function multiply({ bits, polynomial }: Crc, left: bigint, right: bigint): bigint {
  let product = 0n;
  let shifted = right;
  for (let bit = 1n << (bits - 1n); bit > 0n; bit >>= 1n) {
    if (left & bit) product ^= shifted;
    shifted = shifted & 1n ? (shifted >> 1n) ^ polynomial : shifted >> 1n;
  }
  return product;
}

/** x^(8 · bytes) modulo the polynomial: what appending that many zero bytes does to a CRC. */
function zeroes(crc: Crc, bytes: number): bigint {
  let power = 1n << (crc.bits - 1n);
  let square = 1n << (crc.bits - 2n);
  for (let exponent = BigInt(bytes) * 8n; exponent > 0n; exponent >>= 1n) {
    if (exponent & 1n) power = multiply(crc, power, square);
    square = multiply(crc, square, square);
  }
  return power;
}

const toNumber = (base64: string): bigint => BigInt(`0x${Buffer.from(base64, 'base64').toString('hex')}`);

/** The CRC of the joined parts, from theirs: no byte is read again. */
function fullObject(crc: Crc, parts: readonly PartChecksum[]): string {
  const shifts = new Map<number, bigint>(); // parts mostly share one size
  let combined = 0n;
  for (const { value, size } of parts) {
    const shift = shifts.get(size) ?? zeroes(crc, size);
    shifts.set(size, shift);
    combined = multiply(crc, shift, combined) ^ toNumber(value);
  }
  const hex = combined.toString(16).padStart(Number(crc.bits) / 4, '0');
  return Buffer.from(hex, 'hex').toString('base64');
}

function composite(algorithm: Algorithm, parts: readonly PartChecksum[]): string {
  const checksum = startChecksum(algorithm);
  for (const { value } of parts) checksum.update(Buffer.from(value, 'base64'));
  return `${checksum.digest().toString('base64')}-${parts.length}`;
}

/**
 * The checksum of an object made of parts: FULL_OBJECT is that of its bytes, COMPOSITE that of the parts' checksums
 * with the number of parts behind it.
 */
export function combineChecksums(algorithm: Algorithm, type: ChecksumType, parts: readonly PartChecksum[]): string {
  const crc = CRCS[algorithm];
  return type === 'FULL_OBJECT' && crc !== undefined ? fullObject(crc, parts) : composite(algorithm, parts);
}
