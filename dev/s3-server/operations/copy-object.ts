import { invalidArgument, methodNotAllowed, noSuchBucket } from '../errors.ts';
import { type Answer, xmlAnswer } from '../http/answer.ts';
import type { ObjectProperties, ObjectVersion } from '../storage/objects.ts';
import { currentObject, findVersion, storeObject } from '../storage/versions.ts';
import { checkWriteConditions } from './conditions.ts';
import type { BucketContext } from './context.ts';
import { encryptionHeaders, versionHeader } from './object-headers.ts';
import { objectProperties } from './properties.ts';
import { checkKeyLength } from './put-object.ts';
import { tagsFromHeader } from './tags.ts';

/**
 * The object that `x-amz-copy-source` names.
 * @throws {S3Error} InvalidArgument, NoSuchBucket, NoSuchKey, AccessDenied.
 */
export function copySource({ server, request, access }: BucketContext): ObjectVersion {
  const source = request.headers['x-amz-copy-source'] ?? '';
  const [, bucketName, key, versionId] = /^\/?([^/]+)\/([^?]+)(?:\?versionId=(.*))?$/u.exec(source) ?? [];
  if (bucketName === undefined || key === undefined) throw invalidArgument('Invalid copy source object key');
  const bucket = server.buckets.get(bucketName);
  if (bucket === undefined) throw noSuchBucket(bucketName);
  const decoded = decodeURIComponent(key);
  access.demand(versionId === undefined ? 's3:GetObject' : 's3:GetObjectVersion', { bucket: bucketName, key: decoded });
  const version = findVersion(bucket, decoded, versionId);
  if (version.kind === 'marker') throw methodNotAllowed();
  return version;
}

function copyProperties({ server, bucket, request }: BucketContext, source: ObjectVersion): ObjectProperties {
  const { headers } = request;
  const given = objectProperties(bucket, headers, server.now());
  return {
    ...given,
    headers: headers['x-amz-metadata-directive'] === 'REPLACE' ? given.headers : source.properties.headers,
    tags: headers['x-amz-tagging-directive'] === 'REPLACE' ? tagsFromHeader(headers['x-amz-tagging']) : source.tags,
  };
}

/** Copies share the bytes of their source. */
export function copyObject(context: BucketContext): Answer {
  const { server, bucket, request } = context;
  checkKeyLength(request.key);
  const source = copySource(context);
  const properties = copyProperties(context, source);
  checkWriteConditions(request.headers, currentObject(bucket, request.key), request.key);
  server.bodies.retain(source.bodies);
  const copy = storeObject(server.bodies, bucket, request.key, { ...source, properties }, server.now());
  return xmlAnswer(
    'CopyObjectResult',
    { ETag: copy.etag, LastModified: copy.modified },
    { ...versionHeader(bucket, copy), ...encryptionHeaders(properties.encryption) },
  );
}
