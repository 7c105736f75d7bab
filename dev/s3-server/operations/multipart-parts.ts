import { copyBody, type ReceivedBody } from '../body/intake.ts';
import { type Algorithm, checksumHeader } from '../checksums/algorithms.ts';
import { announcedChecksum } from '../checksums/announced.ts';
import { invalidArgument, invalidRequest, noSuchUpload } from '../errors.ts';
import { type Answer, emptyAnswer, xmlAnswer } from '../http/answer.ts';
import { type MultipartUpload, partEtag, type UploadedPart } from '../storage/multipart.ts';
import { type BucketContext, takeBody } from './context.ts';
import { copySource } from './copy-object.ts';
import { entityDigest } from './etag.ts';
import { findUpload } from './multipart-create.ts';
import { encryptionHeaders } from './object-headers.ts';
import { pageSize } from './paging.ts';
import { rangeOf } from './ranges.ts';

const MAX_PART_NUMBER = 10_000;

function partNumberOf(query: URLSearchParams): number {
  const number = Number(query.get('partNumber'));
  if (Number.isInteger(number) && number >= 1 && number <= MAX_PART_NUMBER) return number;
  throw invalidArgument('Part number must be an integer between 1 and 10000, inclusive');
}

/** Keeps a part in place of an earlier one with its number, unless the upload ended while the part came in. */
function keepPart(context: BucketContext, upload: MultipartUpload, received: ReceivedBody): UploadedPart {
  const { bodies, now } = context.server;
  const { body, md5, checksums } = received;
  if (!context.bucket.uploads.has(upload.id)) {
    bodies.release([body]);
    throw noSuchUpload();
  }
  const number = partNumberOf(context.request.query);
  const replaced = upload.parts.get(number);
  if (replaced !== undefined) bodies.release([replaced.body]);
  const part: UploadedPart = {
    number,
    body,
    entityDigest: entityDigest(md5, upload.properties.encryption),
    modified: now(),
    checksums,
  };
  upload.parts.set(number, part);
  return part;
}

function checkAlgorithm(upload: MultipartUpload, announced: Algorithm | undefined): void {
  const expected = upload.checksum?.algorithm;
  if (expected === undefined || announced === undefined || announced === expected) return;
  throw invalidRequest(
    `Checksum Type mismatch occurred, expected checksum Type: ${expected.toLowerCase()}, actual checksum Type: ${announced.toLowerCase()}`,
  );
}

const computed = ({ checksum }: MultipartUpload): Algorithm[] => (checksum === undefined ? [] : [checksum.algorithm]);

export async function uploadPart(context: BucketContext): Promise<Answer> {
  const { headers, query } = context.request;
  const upload = findUpload(context);
  partNumberOf(query);
  const announced = announcedChecksum(headers)?.algorithm;
  checkAlgorithm(upload, announced);
  const part = keepPart(context, upload, await takeBody(context, computed(upload)));
  const sum = announced === undefined ? {} : { [checksumHeader(announced)]: part.checksums.get(announced) };
  return emptyAnswer({ etag: partEtag(part), ...sum, ...encryptionHeaders(upload.properties.encryption) });
}

export async function uploadPartCopy(context: BucketContext): Promise<Answer> {
  const { bodies } = context.server;
  const upload = findUpload(context);
  partNumberOf(context.request.query);
  const source = copySource(context);
  const { first, last } = rangeOf(context.request.headers['x-amz-copy-source-range'], source.size);
  const bytes = bodies.read(source.bodies, first, last);
  const part = keepPart(context, upload, await copyBody(bodies, bytes, last - first + 1, computed(upload)));
  const algorithm = upload.checksum?.algorithm;
  const sum = algorithm === undefined ? {} : { [`Checksum${algorithm}`]: part.checksums.get(algorithm) };
  return xmlAnswer('CopyPartResult', { ETag: partEtag(part), LastModified: part.modified, ...sum });
}

export function listParts(context: BucketContext): Answer {
  const { bucket, request, server } = context;
  const upload = findUpload(context);
  const marker = Number(request.query.get('part-number-marker') ?? 0);
  const maxParts = pageSize(request.query.get('max-parts'), 'max-parts', server.personality.maxKeysPerPage);
  const behind = [...upload.parts.values()].filter(({ number }) => number > marker).sort((a, b) => a.number - b.number);
  const page = behind.slice(0, maxParts);
  const algorithm = upload.checksum?.algorithm;
  return xmlAnswer('ListPartsResult', {
    Bucket: bucket.name,
    Key: upload.key,
    UploadId: upload.id,
    StorageClass: upload.properties.storageClass,
    PartNumberMarker: marker,
    NextPartNumberMarker: page.at(-1)?.number,
    MaxParts: maxParts,
    IsTruncated: behind.length > page.length,
    ChecksumAlgorithm: algorithm,
    ChecksumType: upload.checksum?.type,
    Part: page.map((part) => ({
      PartNumber: part.number,
      LastModified: part.modified,
      ETag: partEtag(part),
      Size: part.body.size,
      ...(algorithm === undefined ? {} : { [`Checksum${algorithm}`]: part.checksums.get(algorithm) }),
    })),
  });
}
