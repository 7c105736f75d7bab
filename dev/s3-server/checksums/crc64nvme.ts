// CRC-64/NVME, eight bytes a step. Every 64-bit value is kept as two 32-bit halves: BigInt is too slow for whole parts.
const POLYNOMIAL = 0x9a6c9329ac4bc9b5n;
const STEP_BYTES = 8;

/** Table t holds the CRC of a byte followed by t zero bytes; low and high halves apart. */
function makeTables(): { low: Int32Array; high: Int32Array } {
  const low = new Int32Array(STEP_BYTES * 256);
  const high = new Int32Array(STEP_BYTES * 256);
  for (let byte = 0; byte < 256; byte++) {
    let crc = BigInt(byte);
    for (let bit = 0; bit < 8; bit++) crc = crc & 1n ? (crc >> 1n) ^ POLYNOMIAL : crc >> 1n;
    low[byte] = Number(BigInt.asIntN(32, crc));
    high[byte] = Number(BigInt.asIntN(32, crc >> 32n));
  }
  for (let at = 256; at < low.length; at++) {
    const l = low[at - 256] ?? 0;
    const h = high[at - 256] ?? 0;
    low[at] = ((l >>> 8) | (h << 24)) ^ (low[l & 0xff] ?? 0);
    high[at] = (h >>> 8) ^ (high[l & 0xff] ?? 0);
  }
  return { low, high };
}

const TABLES = makeTables();

/** Running CRC-64/NVME. */
export class Crc64Nvme {
  private low = -1;
  private high = -1;

  update(bytes: Uint8Array): void {
    const words = bytes.length - (bytes.length % STEP_BYTES);
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    for (let at = 0; at < words; at += STEP_BYTES) {
      this.step(view.getInt32(at, true), view.getInt32(at + 4, true));
    }
    for (let at = words; at < bytes.length; at++) this.byte(bytes[at] ?? 0);
  }

  private step(nextLow: number, nextHigh: number): void {
    const l = this.low ^ nextLow;
    const h = this.high ^ nextHigh;
    const a = 1792 + (l & 0xff);
    const b = 1536 + ((l >>> 8) & 0xff);
    const c = 1280 + ((l >>> 16) & 0xff);
    const d = 1024 + (l >>> 24);
    const e = 768 + (h & 0xff);
    const f = 512 + ((h >>> 8) & 0xff);
    const g = 256 + ((h >>> 16) & 0xff);
    const i = h >>> 24;
    this.low = fold(TABLES.low, a, b, c, d, e, f, g, i);
    this.high = fold(TABLES.high, a, b, c, d, e, f, g, i);
  }

  private byte(byte: number): void {
    const index = (this.low ^ byte) & 0xff;
    this.low = ((this.low >>> 8) | (this.high << 24)) ^ (TABLES.low[index] ?? 0);
    this.high = (this.high >>> 8) ^ (TABLES.high[index] ?? 0);
  }

  digest(): Buffer {
    const digest = Buffer.alloc(8);
    digest.writeInt32BE(~this.high, 0);
    digest.writeInt32BE(~this.low, 4);
    return digest;
  }
}

function fold(
  table: Int32Array,
  a: number,
  b: number,
  c: number,
  d: number,
  e: number,
  f: number,
  g: number,
  i: number,
): number {
  return (
    (table[a] ?? 0) ^
    (table[b] ?? 0) ^
    (table[c] ?? 0) ^
    (table[d] ?? 0) ^
    (table[e] ?? 0) ^
    (table[f] ?? 0) ^
    (table[g] ?? 0) ^
    (table[i] ?? 0)
  );
}
