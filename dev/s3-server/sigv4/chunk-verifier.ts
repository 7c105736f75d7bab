import { createHash } from 'node:crypto';
import type { ChunkVerifier } from '../body/aws-chunked.ts';
import { S3Error } from '../errors.ts';
import { equalText, hmac, scopeText, sha256Hex } from './signature.ts';
import type { Authentication } from './verify.ts';

const SIGNED_STREAM = 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD';
const EMPTY_SHA256 = sha256Hex('');

/** The verifier of a body whose chunks are signed one by one, each on top of the one before. */
export function chunkVerifier(auth: Authentication): ChunkVerifier | undefined {
  if (!auth.payload.startsWith(SIGNED_STREAM)) return undefined;
  let previous = auth.signature;
  let hash = createHash('sha256');
  return {
    update: (bytes) => {
      hash.update(bytes);
    },
    endChunk: (extensions) => {
      const text = [`AWS4-HMAC-SHA256-PAYLOAD`, auth.amzDate, scopeText(auth.scope), previous, EMPTY_SHA256];
      const expected = hmac(auth.key, [...text, hash.digest('hex')].join('\n')).toString('hex');
      const found = /chunk-signature=([0-9a-f]+)/u.exec(extensions)?.[1] ?? '';
      if (!equalText(expected, found))
        throw new S3Error(403, 'SignatureDoesNotMatch', 'A chunk signature does not match.');
      previous = expected;
      hash = createHash('sha256');
    },
  };
}
