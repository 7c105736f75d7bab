import { pipeline, Readable, type Transform } from 'node:stream';
import { constants, createZstdCompress, createZstdDecompress } from 'node:zlib';
import { BackupError, codeOf } from '../errors.ts';

/** The level `zstd` itself takes; higher ones cost time and win little on index lines. */
const LEVEL = 3;

/**
 * Compresses to standard zstd with a checksum (Node's default has none, and a flipped bit would go unseen). All data is
 * in the first frame, because Node's decoder stops after it (nodejs/node#64741); Node may add an empty one.
 */
export function compress(chunks: AsyncIterable<string | Uint8Array>): Readable {
  const encoder = createZstdCompress({
    params: { [constants.ZSTD_c_compressionLevel]: LEVEL, [constants.ZSTD_c_checksumFlag]: 1 },
  });
  return joined(Readable.from(chunks, { objectMode: false }), encoder);
}

/** The inverse of {@link compress}. Truncated or damaged input is an error of the stream. */
export function decompress(chunks: AsyncIterable<Uint8Array>): Readable {
  return joined(Readable.from(chunks, { objectMode: false }), createZstdDecompress());
}

/** Of Node's zlib: `ZSTD_error_corruption_detected`, `Z_BUF_ERROR`. */
export function isDecodingError(error: unknown): boolean {
  return !(error instanceof BackupError) && /^Z(STD)?_/.test(codeOf(error) ?? '');
}

/** `pipeline` hands every error to the last stream, whose reader sees it; there is nobody else to tell. */
function joined(source: Readable, transform: Transform): Readable {
  return pipeline(source, transform, () => {});
}
