/** The first four bytes of a frame, little-endian (RFC 8878, 3.1.1). */
const MAGIC = 0xfd2fb528;

/** A block holds no more than this, whatever the window (RFC 8878, 3.1.1.2.3). */
const MAX_BLOCK_BYTES = 128 * 1024;
const BLOCK_HEADER_BYTES = 3;
const CHECKSUM_BYTES = 4;

/** Longest frame header: magic, descriptor, window, dictionary ID, content size (RFC 8878, 3.1.1.1). */
const MAX_HEADER_BYTES = 4 + 1 + 1 + 4 + 8;

const RAW = 0;
const RLE = 1;
const RESERVED = 3;

/**
 * The frame at the start of some bytes.
 * - `frame`: it has `bytes` bytes; `content` is what it says it decodes to
 * - `short`: at least `needs` bytes are wanted to tell
 * - `bad`: no frame this project writes; `problem` reads on after a colon
 */
export type FoundFrame =
  | { readonly kind: 'frame'; readonly bytes: number; readonly content: number }
  | { readonly kind: 'short'; readonly needs: number }
  | { readonly kind: 'bad'; readonly problem: string };

/**
 * Finds the end of a zstd frame by walking its block headers, without decoding: Node's decoder stops after a frame and
 * does not say where (nodejs/node#64741). Frames without a checksum or their size, with a dictionary, and skippable ones
 * are refused: they are not written, and a flipped bit that makes one of them would go unseen.
 *
 * The bytes are hostile: nothing beyond `maxBytes` is asked for, and each step goes forward.
 *
 * @param maxBytes of a frame; a longer one is refused
 */
export function findFrame(bytes: Uint8Array, maxBytes: number): FoundFrame {
  const header = parseFrameHeader(bytes);
  if (header.kind !== 'header') return header;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let position = header.bytes; ; ) {
    const blockAt = position;
    position += BLOCK_HEADER_BYTES;
    if (position > maxBytes) return tooLong(maxBytes);
    if (position > bytes.byteLength) return { kind: 'short', needs: position };
    const block = view.getUint16(blockAt, true) | (view.getUint8(blockAt + 2) << 16);
    const type = (block >> 1) & 3;
    const size = block >> 3;
    if (type === RESERVED || size > MAX_BLOCK_BYTES) return bad('a block of a frame is not valid');
    position += type === RLE ? 1 : size;
    const isLast = (block & 1) === 1;
    const end = isLast ? position + CHECKSUM_BYTES : position;
    if (end > maxBytes) return tooLong(maxBytes);
    if (isLast) {
      return end > bytes.byteLength
        ? { kind: 'short', needs: end }
        : { kind: 'frame', bytes: end, content: header.content };
    }
    // An empty block that is not the last is allowed, and is a way to waste time; nobody writes one.
    if (size === 0 && type === RAW) return bad('a block of a frame is empty');
  }
}

type FrameHeader =
  | { readonly kind: 'header'; readonly bytes: number; readonly content: number }
  | Exclude<FoundFrame, { readonly kind: 'frame' }>;

function parseFrameHeader(bytes: Uint8Array): FrameHeader {
  if (bytes.byteLength < 5) return { kind: 'short', needs: 5 };
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.getUint32(0, true) !== MAGIC) return bad('where a zstd frame should begin there is none');
  const descriptor = view.getUint8(4);
  // The reserved bit, and the one that decoders overlook: nobody sets them, so a flipped one is damage.
  if ((descriptor & 0b1_1000) !== 0) return bad('a frame has a reserved bit set');
  if ((descriptor & 0b0100) === 0) return bad('a frame has no checksum');
  if ((descriptor & 0b0011) !== 0) return bad('a frame needs a dictionary');
  const isSingleSegment = (descriptor & 0b10_0000) !== 0;
  const contentAt = isSingleSegment ? 5 : 6;
  const contentBytes = contentFieldBytes(descriptor >> 6, isSingleSegment);
  if (contentBytes === 0) return bad('a frame does not say what it decodes to');
  const end = contentAt + contentBytes;
  if (end > bytes.byteLength) return { kind: 'short', needs: Math.min(end, MAX_HEADER_BYTES) };
  return { kind: 'header', bytes: end, content: contentSize(view, contentAt, contentBytes) };
}

function contentFieldBytes(flag: number, isSingleSegment: boolean): number {
  if (flag === 0) return isSingleSegment ? 1 : 0;
  return 2 ** flag;
}

function contentSize(view: DataView, at: number, length: number): number {
  switch (length) {
    case 1:
      return view.getUint8(at);
    case 2:
      return view.getUint16(at, true) + 256;
    case 4:
      return view.getUint32(at, true);
    default:
      return Number(view.getBigUint64(at, true));
  }
}

function tooLong(maxBytes: number): FoundFrame {
  return bad(`a frame is longer than ${maxBytes} bytes`);
}

function bad(problem: string): { readonly kind: 'bad'; readonly problem: string } {
  return { kind: 'bad', problem };
}
