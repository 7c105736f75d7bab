import { type Answer, xmlAnswer } from '../http/answer.ts';
import type { ObjectVersion } from '../storage/objects.ts';
import type { XmlNode, XmlValue } from '../xml/write.ts';
import type { BucketContext } from './context.ts';
import { findReadableObject } from './get-object.ts';
import { checksumOf } from './object-checksum.ts';
import { versionHeader } from './object-headers.ts';

function objectParts({ parts, checksum }: ObjectVersion): XmlNode | undefined {
  if (parts === undefined) return undefined;
  const algorithm = checksum?.algorithm;
  const list = parts.map(({ number, size, checksums }) => ({
    PartNumber: number,
    Size: size,
    ...(algorithm === undefined ? {} : { [`Checksum${algorithm}`]: checksums.get(algorithm) }),
  }));
  return { PartsCount: parts.length, IsTruncated: false, MaxParts: 1000, Part: list };
}

async function attribute(context: BucketContext, object: ObjectVersion, name: string): Promise<XmlValue> {
  if (name === 'ETag') return object.etag.replaceAll('"', '');
  if (name === 'ObjectSize') return object.size;
  if (name === 'StorageClass') return object.properties.storageClass;
  if (name === 'ObjectParts') return objectParts(object);
  if (name !== 'Checksum') return undefined;
  const checksum = await checksumOf(context.server, object);
  return checksum && { [`Checksum${checksum.algorithm}`]: checksum.value, ChecksumType: checksum.type };
}

export async function getObjectAttributes(context: BucketContext): Promise<Answer> {
  const { bucket, request } = context;
  const object = findReadableObject(context);
  const wanted = (request.headers['x-amz-object-attributes'] ?? '').split(',').map((name) => name.trim());
  const found: Record<string, XmlValue> = {};
  for (const name of wanted) found[name] = await attribute(context, object, name);
  const modified = { 'last-modified': object.modified.toUTCString() };
  return xmlAnswer('GetObjectAttributesResponse', found, { ...modified, ...versionHeader(bucket, object) });
}
