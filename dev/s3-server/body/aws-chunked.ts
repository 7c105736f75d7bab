import { badRequest, invalidRequest } from '../errors.ts';

/** Checks the signatures of signed chunks, which form a chain; absent for unsigned chunks. */
export interface ChunkVerifier {
  update(bytes: Uint8Array): void;
  /** @throws {S3Error} SignatureDoesNotMatch. */
  endChunk(extensions: string): void;
}

const CRLF = '\r\n';
const MAX_LINE_BYTES = 16 * 1024;

/** Bytes of the framing, taken line by line and piece by piece from a body as it comes in. */
class FrameReader {
  private buffer: Uint8Array = new Uint8Array(0);
  private readonly source: AsyncIterator<Uint8Array>;

  constructor(source: AsyncIterable<Uint8Array>) {
    this.source = source[Symbol.asyncIterator]();
  }

  private async more(): Promise<void> {
    const { value, done } = await this.source.next();
    if (done) throw badRequest('IncompleteBody', 'The request body terminated unexpectedly');
    this.buffer = this.buffer.length > 0 ? Buffer.concat([this.buffer, value]) : value;
  }

  async line(): Promise<string> {
    for (;;) {
      const view = Buffer.from(this.buffer.buffer, this.buffer.byteOffset, this.buffer.byteLength);
      const end = view.indexOf(CRLF);
      if (end >= 0) {
        this.buffer = this.buffer.subarray(end + CRLF.length);
        return view.toString('latin1', 0, end);
      }
      if (this.buffer.length > MAX_LINE_BYTES) throw invalidRequest('The chunk framing is broken');
      await this.more();
    }
  }

  async piece(maxBytes: number): Promise<Uint8Array> {
    if (this.buffer.length === 0) await this.more();
    const piece = this.buffer.subarray(0, maxBytes);
    this.buffer = this.buffer.subarray(piece.length);
    return piece;
  }
}

function parseChunkHead(line: string): { size: number; extensions: string } {
  const [size, ...extensions] = line.split(';');
  if (size === undefined || !/^[0-9a-f]+$/iu.test(size.trim())) throw invalidRequest('The chunk framing is broken');
  return { size: Number.parseInt(size, 16), extensions: extensions.join(';') };
}

async function readTrailers(reader: FrameReader, trailers: Map<string, string>): Promise<void> {
  for (let line = await reader.line(); line !== ''; line = await reader.line()) {
    const colon = line.indexOf(':');
    trailers.set(line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim());
  }
}

/**
 * Undoes the aws-chunked framing and fills `trailers` when the last chunk has been read.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html
 * @throws {S3Error} IncompleteBody, InvalidRequest, or what the verifier throws.
 */
export async function* decodeAwsChunked(
  source: AsyncIterable<Uint8Array>,
  trailers: Map<string, string>,
  verifier?: ChunkVerifier,
): AsyncGenerator<Uint8Array> {
  const reader = new FrameReader(source);
  for (;;) {
    const { size, extensions } = parseChunkHead(await reader.line());
    for (let left = size; left > 0; ) {
      const piece = await reader.piece(left);
      left -= piece.length;
      verifier?.update(piece);
      yield piece;
    }
    verifier?.endChunk(extensions);
    if (size === 0) break;
    await reader.line();
  }
  await readTrailers(reader, trailers);
}
