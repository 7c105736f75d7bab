import { createHash } from 'node:crypto';
import { type Algorithm, checksumHeader } from '../checksums/algorithms.ts';
import { combineChecksums } from '../checksums/combine.ts';
import { badRequest, invalidRequest, malformedXml, noSuchUpload } from '../errors.ts';
import { type Answer, xmlAnswer } from '../http/answer.ts';
import type { HeaderMap } from '../http/headers.ts';
import { type MultipartUpload, partEtag, type UploadedPart } from '../storage/multipart.ts';
import type { NewObject, ObjectChecksum } from '../storage/objects.ts';
import { currentObject, storeObject } from '../storage/versions.ts';
import { childrenNamed, parseXml, textAt, type XmlElement } from '../xml/parse.ts';
import { checkWriteConditions } from './conditions.ts';
import { type BucketContext, takeText } from './context.ts';
import { findUpload } from './multipart-create.ts';
import { defaultChecksum } from './object-checksum.ts';
import { encryptionHeaders, versionHeader } from './object-headers.ts';

const bare = (etag: string | undefined): string => (etag ?? '').replaceAll('"', '');

/** Checks one `Part` element against the part that was uploaded under its number. */
function findPart(upload: MultipartUpload, element: XmlElement): UploadedPart {
  const part = upload.parts.get(Number(textAt(element, 'PartNumber')));
  const algorithm = upload.checksum?.algorithm;
  const checksum = algorithm === undefined ? undefined : textAt(element, `Checksum${algorithm}`);
  const matches =
    part !== undefined &&
    bare(textAt(element, 'ETag')) === bare(partEtag(part)) &&
    (algorithm === undefined || checksum === undefined || checksum === part.checksums.get(algorithm));
  if (!matches) {
    throw badRequest(
      'InvalidPart',
      "One or more of the specified parts could not be found. The part may not have been uploaded, or the specified entity tag may not match the part's entity tag.",
    );
  }
  if (algorithm !== undefined && checksum === undefined && upload.checksum?.type === 'COMPOSITE') {
    throw invalidRequest(
      `The upload was created using a ${algorithm.toLowerCase()} checksum. The complete request must include the checksum for each part.`,
    );
  }
  return part;
}

/**
 * The parts of the completed object, in order.
 * @throws {S3Error} MalformedXML, InvalidPartOrder, InvalidPart, EntityTooSmall.
 */
function chosenParts(upload: MultipartUpload, text: string, minPartBytes: number): UploadedPart[] {
  const elements = childrenNamed(parseXml(text), 'Part');
  if (elements.length === 0) throw malformedXml();
  const numbers = elements.map((element) => Number(textAt(element, 'PartNumber')));
  if (numbers.some((number, at) => at > 0 && number <= (numbers[at - 1] ?? 0))) {
    throw badRequest(
      'InvalidPartOrder',
      'The list of parts was not in ascending order. Parts must be ordered by part number.',
    );
  }
  const parts = elements.map((element) => findPart(upload, element));
  if (parts.slice(0, -1).some(({ body }) => body.size < minPartBytes)) {
    throw badRequest('EntityTooSmall', 'Your proposed upload is smaller than the minimum allowed size');
  }
  return parts;
}

function checkSize(headers: HeaderMap, size: number): void {
  const given = headers['x-amz-mp-object-size'];
  if (given === undefined || Number(given) === size) return;
  throw invalidRequest(
    `The provided 'x-amz-mp-object-size' header value ${given} does not match what was computed: ${size}`,
  );
}

function partChecksums(parts: readonly UploadedPart[], algorithm: Algorithm) {
  return parts.map(({ body, checksums }) => ({ size: body.size, value: checksums.get(algorithm) ?? '' }));
}

/** The object's checksum from those of its parts, compared with what the request says it should be. */
function completedChecksum(
  upload: MultipartUpload,
  parts: readonly UploadedPart[],
  headers: HeaderMap,
): ObjectChecksum | undefined {
  if (upload.checksum === undefined) return undefined;
  const { algorithm, type } = upload.checksum;
  const givenType = headers['x-amz-checksum-type'];
  if (givenType !== undefined && givenType.toUpperCase() !== type) {
    throw invalidRequest(`The upload was created with checksum type ${type}, but the request says ${givenType}.`);
  }
  const value = combineChecksums(algorithm, type, partChecksums(parts, algorithm));
  const given = headers[checksumHeader(algorithm)];
  if (given !== undefined && given !== value && given !== value.split('-')[0]) {
    throw badRequest(
      'BadDigest',
      `The ${algorithm.toLowerCase()} you specified did not match the calculated checksum.`,
    );
  }
  return { algorithm, type, value };
}

function assemble(context: BucketContext, upload: MultipartUpload, parts: readonly UploadedPart[]): NewObject {
  const { headers } = context.request;
  const size = parts.reduce((sum, { body }) => sum + body.size, 0);
  checkSize(headers, size);
  const md5 = createHash('md5');
  for (const part of parts) md5.update(part.entityDigest);
  return {
    size,
    etag: `"${md5.digest('hex')}-${parts.length}"`,
    bodies: parts.map(({ body }) => body),
    parts: parts.map(({ number, body, checksums }) => ({ number, size: body.size, checksums })),
    properties: upload.properties,
    checksum: completedChecksum(upload, parts, headers) ?? defaultChecksum(context.server),
  };
}

/** Turns parts into an object without copying a byte; parts that were not chosen are dropped. */
export async function completeMultipartUpload(context: BucketContext): Promise<Answer> {
  const { server, bucket, request } = context;
  const upload = findUpload(context);
  // the request's own checksum headers describe the object, not this body
  const text = await takeText(context, { checksum: false });
  const parts = chosenParts(upload, text, server.personality.minPartBytes);
  const object = assemble(context, upload, parts);
  if (!bucket.uploads.has(upload.id)) throw noSuchUpload();
  checkWriteConditions(request.headers, currentObject(bucket, request.key), request.key);
  bucket.uploads.delete(upload.id);
  const unused = [...upload.parts.values()].filter((part) => !parts.includes(part));
  server.bodies.release(unused.map(({ body }) => body));
  const stored = storeObject(server.bodies, bucket, request.key, object, server.now());
  const checksum = stored.checksum?.value === undefined ? undefined : stored.checksum;
  return xmlAnswer(
    'CompleteMultipartUploadResult',
    {
      Location: `http://${request.headers.host}/${bucket.name}/${request.key}`,
      Bucket: bucket.name,
      Key: request.key,
      ETag: server.personality.completionEtag === 'said' ? stored.etag : undefined,
      ...(checksum === undefined ? {} : { [`Checksum${checksum.algorithm}`]: checksum.value }),
      ChecksumType: checksum?.type,
    },
    { ...versionHeader(bucket, stored), ...encryptionHeaders(upload.properties.encryption) },
  );
}
