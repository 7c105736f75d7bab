import { type Answer, xmlAnswer } from '../http/answer.ts';
import type { Bucket } from '../storage/bucket.ts';
import type { Version } from '../storage/objects.ts';
import type { XmlNode } from '../xml/write.ts';
import type { BucketContext } from './context.ts';
import { keyEncoding, startOf } from './list-objects.ts';
import { type KeyedRow, type PageRequest, pageSize, takePage } from './paging.ts';

interface VersionRow {
  readonly key: string;
  readonly version: Version;
  readonly latest: boolean;
}

/** Newest first within a key; behind the marker, which names a key and (mostly) one of its versions. */
function* versionRows(
  bucket: Bucket,
  page: PageRequest,
  versionMarker: string | undefined,
): Generator<KeyedRow<VersionRow>> {
  for (const [key, versions] of bucket.versions.entries(startOf(page.prefix, page.after))) {
    const rows = versions.map((version, at) => ({ key, version, latest: at === versions.length - 1 })).reverse();
    const seen = key === page.after ? seenRows(rows, versionMarker) : 0;
    for (const row of rows.slice(seen)) yield [key, row];
  }
}

function seenRows(rows: readonly VersionRow[], versionMarker: string | undefined): number {
  const at = rows.findIndex(({ version }) => version.versionId === versionMarker);
  return versionMarker === undefined || at < 0 ? rows.length : at + 1;
}

function entry({ key, version, latest }: VersionRow, encode: (text: string) => string): XmlNode {
  const common = {
    Key: encode(key),
    VersionId: version.versionId,
    IsLatest: latest,
    LastModified: version.modified,
  };
  if (version.kind === 'marker') return common;
  return { ...common, ETag: version.etag, Size: version.size, StorageClass: version.properties.storageClass };
}

export function listObjectVersions({ server, bucket, request: { query } }: BucketContext): Answer {
  const encode = keyEncoding(query);
  const request: PageRequest = {
    prefix: query.get('prefix') ?? '',
    delimiter: query.get('delimiter') ?? '',
    maxRows: pageSize(query.get('max-keys'), 'max-keys', server.personality.maxKeysPerPage),
    after: query.get('key-marker') ?? undefined,
  };
  const page = takePage(versionRows(bucket, request, query.get('version-id-marker') ?? undefined), request);
  const lastRow = page.rows.at(-1);
  const versionMarker = lastRow?.key === page.last ? lastRow?.version.versionId : undefined;
  const entries = (kind: Version['kind']): XmlNode[] =>
    page.rows.filter(({ version }) => version.kind === kind).map((row) => entry(row, encode));
  return xmlAnswer('ListVersionsResult', {
    Name: bucket.name,
    Prefix: encode(request.prefix),
    MaxKeys: request.maxRows,
    IsTruncated: page.truncated,
    EncodingType: query.get('encoding-type') ?? undefined,
    NextKeyMarker: page.truncated && page.last !== undefined ? encode(page.last) : undefined,
    NextVersionIdMarker: page.truncated ? versionMarker : undefined,
    Version: entries('object'),
    DeleteMarker: entries('marker'),
    CommonPrefixes: page.prefixes.map((prefix) => ({ Prefix: encode(prefix) })),
  });
}
