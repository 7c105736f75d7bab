import { announcedChecksum } from '../checksums/announced.ts';
import { badRequest } from '../errors.ts';
import { type Answer, emptyAnswer } from '../http/answer.ts';
import { currentObject, storeObject } from '../storage/versions.ts';
import { checkWriteConditions } from './conditions.ts';
import { type BucketContext, takeBody } from './context.ts';
import { entityDigest } from './etag.ts';
import { defaultChecksum } from './object-checksum.ts';
import { checksumHeaders, encryptionHeaders, versionHeader } from './object-headers.ts';
import { objectProperties } from './properties.ts';

const MAX_KEY_BYTES = 1024;

/** @throws {S3Error} KeyTooLongError. */
export function checkKeyLength(key: string): void {
  if (Buffer.byteLength(key) > MAX_KEY_BYTES) throw badRequest('KeyTooLongError', 'Your key is too long');
}

/** Conditions are judged before the body, to refuse early, and again in the tick in which the object is stored. */
export async function putObject(context: BucketContext): Promise<Answer> {
  const { server, bucket, request } = context;
  const { key, headers } = request;
  checkKeyLength(key);
  const properties = objectProperties(bucket, headers, server.now());
  checkWriteConditions(headers, currentObject(bucket, key), key);
  const algorithm = announcedChecksum(headers)?.algorithm;
  const { body, md5, checksums } = await takeBody(context);
  try {
    checkWriteConditions(headers, currentObject(bucket, key), key);
  } catch (error) {
    server.bodies.release([body]);
    throw error;
  }
  const stored = storeObject(
    server.bodies,
    bucket,
    key,
    {
      size: body.size,
      etag: `"${entityDigest(md5, properties.encryption).toString('hex')}"`,
      bodies: [body],
      parts: undefined,
      properties,
      checksum:
        algorithm === undefined
          ? defaultChecksum(server)
          : { algorithm, type: 'FULL_OBJECT', value: checksums.get(algorithm) },
    },
    server.now(),
  );
  return emptyAnswer({
    etag: stored.etag,
    ...versionHeader(bucket, stored),
    ...encryptionHeaders(properties.encryption),
    ...checksumHeaders(stored.checksum),
  });
}
