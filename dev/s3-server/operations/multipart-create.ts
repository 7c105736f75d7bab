import { randomBytes } from 'node:crypto';
import { algorithmNamed, type ChecksumType } from '../checksums/algorithms.ts';
import { checksumTypes } from '../checksums/combine.ts';
import { invalidRequest, noSuchUpload } from '../errors.ts';
import { type Answer, emptyAnswer, xmlAnswer } from '../http/answer.ts';
import type { HeaderMap } from '../http/headers.ts';
import type { MultipartUpload } from '../storage/multipart.ts';
import type { BucketContext } from './context.ts';
import { encryptionHeaders } from './object-headers.ts';
import { objectProperties } from './properties.ts';
import { checkKeyLength } from './put-object.ts';

/**
 * The upload a request names.
 * @throws {S3Error} NoSuchUpload.
 */
export function findUpload({ bucket, request }: BucketContext): MultipartUpload {
  const upload = bucket.uploads.get(request.query.get('uploadId') ?? '');
  if (upload === undefined || upload.key !== request.key) throw noSuchUpload();
  return upload;
}

function requestedChecksum(headers: HeaderMap): MultipartUpload['checksum'] {
  const name = headers['x-amz-checksum-algorithm'];
  const type = headers['x-amz-checksum-type']?.toUpperCase();
  if (name === undefined) {
    if (type === undefined) return undefined;
    throw invalidRequest('The x-amz-checksum-type header can only be used with the x-amz-checksum-algorithm header.');
  }
  const algorithm = algorithmNamed(name);
  if (algorithm === undefined) throw invalidRequest('Checksum algorithm provided is unsupported.');
  const allowed = checksumTypes(algorithm);
  const chosen: ChecksumType | undefined = allowed.find((candidate) => type === undefined || candidate === type);
  if (chosen === undefined) {
    throw invalidRequest(
      `The ${type} checksum type cannot be used with the ${algorithm.toLowerCase()} checksum algorithm.`,
    );
  }
  return { algorithm, type: chosen };
}

export function createMultipartUpload({ server, bucket, request }: BucketContext): Answer {
  checkKeyLength(request.key);
  const now = server.now();
  const upload: MultipartUpload = {
    id: randomBytes(32).toString('base64url'),
    key: request.key,
    started: now,
    properties: objectProperties(bucket, request.headers, now),
    checksum: requestedChecksum(request.headers),
    parts: new Map(),
  };
  bucket.uploads.set(upload.id, upload);
  return xmlAnswer(
    'InitiateMultipartUploadResult',
    { Bucket: bucket.name, Key: upload.key, UploadId: upload.id },
    {
      ...encryptionHeaders(upload.properties.encryption),
      'x-amz-checksum-algorithm': upload.checksum?.algorithm,
      'x-amz-checksum-type': upload.checksum?.type,
    },
  );
}

export function abortMultipartUpload(context: BucketContext): Answer {
  const upload = findUpload(context);
  context.bucket.uploads.delete(upload.id);
  context.server.bodies.release([...upload.parts.values()].map(({ body }) => body));
  return emptyAnswer({}, 204);
}
