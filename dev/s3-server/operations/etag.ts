import { randomBytes } from 'node:crypto';
import type { Encryption } from '../storage/objects.ts';

/**
 * The bytes behind an ETag: the body's MD5, but nothing that can be computed from the body under SSE-KMS and SSE-C.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_Object.html
 */
export function entityDigest(md5: Buffer, { algorithm, customerKeyMd5 }: Encryption): Buffer {
  const plain = algorithm === 'AES256' && customerKeyMd5 === undefined;
  return plain ? md5 : randomBytes(md5.length);
}
