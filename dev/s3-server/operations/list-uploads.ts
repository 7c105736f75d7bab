import { compareUtf8 } from '../../../src/byte-order.ts';
import { type Answer, xmlAnswer } from '../http/answer.ts';
import type { MultipartUpload } from '../storage/multipart.ts';
import type { XmlNode } from '../xml/write.ts';
import type { BucketContext } from './context.ts';
import { keyEncoding } from './list-objects.ts';
import { type PageRequest, pageSize, takePage } from './paging.ts';

const byKeyAndStart = (a: MultipartUpload, b: MultipartUpload): number =>
  compareUtf8(a.key, b.key) || a.started.getTime() - b.started.getTime() || compareUtf8(a.id, b.id);

/** Uploads behind the marker: later keys, and the later uploads of the marker's own key when it names one. */
function behindMarker(uploads: readonly MultipartUpload[], query: URLSearchParams): readonly MultipartUpload[] {
  const keyMarker = query.get('key-marker');
  if (keyMarker === null) return uploads;
  const named = uploads.findIndex(({ key, id }) => key === keyMarker && id === query.get('upload-id-marker'));
  if (named >= 0) return uploads.slice(named + 1);
  return uploads.filter(({ key }) => compareUtf8(key, keyMarker) > 0);
}

const entry = (upload: MultipartUpload, encode: (text: string) => string): XmlNode => ({
  Key: encode(upload.key),
  UploadId: upload.id,
  Initiated: upload.started,
  StorageClass: upload.properties.storageClass,
  ChecksumAlgorithm: upload.checksum?.algorithm,
  ChecksumType: upload.checksum?.type,
});

export function listMultipartUploads({ bucket, request: { query } }: BucketContext): Answer {
  const encode = keyEncoding(query);
  const request: PageRequest = {
    prefix: query.get('prefix') ?? '',
    delimiter: query.get('delimiter') ?? '',
    maxRows: pageSize(query.get('max-uploads'), 'max-uploads'),
    after: query.get('key-marker') ?? undefined,
  };
  const uploads = behindMarker([...bucket.uploads.values()].sort(byKeyAndStart), query);
  const inPrefix = uploads.filter(({ key }) => key.startsWith(request.prefix));
  const page = takePage(
    inPrefix.map((upload) => [upload.key, upload] as const),
    request,
  );
  return xmlAnswer('ListMultipartUploadsResult', {
    Bucket: bucket.name,
    KeyMarker: query.get('key-marker') ?? '',
    UploadIdMarker: query.get('upload-id-marker') ?? '',
    NextKeyMarker: page.truncated && page.last !== undefined ? encode(page.last) : undefined,
    NextUploadIdMarker: page.truncated ? page.rows.at(-1)?.id : undefined,
    MaxUploads: request.maxRows,
    IsTruncated: page.truncated,
    EncodingType: query.get('encoding-type') ?? undefined,
    Upload: page.rows.map((upload) => entry(upload, encode)),
    CommonPrefixes: page.prefixes.map((prefix) => ({ Prefix: encode(prefix) })),
  });
}
