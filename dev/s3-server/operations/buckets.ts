import { badRequest, malformedXml, S3Error } from '../errors.ts';
import { type Answer, emptyAnswer, xmlAnswer } from '../http/answer.ts';
import { makeBucket } from '../storage/bucket.ts';
import { parseXml, textAt } from '../xml/parse.ts';
import { type BucketContext, type ServiceContext, takeText } from './context.ts';

const BUCKET_NAME = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/u;

export function listBuckets({ server, auth }: ServiceContext): Answer {
  const owned = [...server.buckets.values()].filter(({ owner }) => owner === auth.principal.account);
  return xmlAnswer('ListAllMyBucketsResult', {
    Owner: { ID: auth.principal.account },
    Buckets: {
      Bucket: owned.map(({ name, created, region }) => ({ Name: name, CreationDate: created, BucketRegion: region })),
    },
  });
}

async function requestedRegion(context: ServiceContext): Promise<string> {
  const text = await takeText(context);
  const constraint = text === '' ? undefined : textAt(parseXml(text), 'LocationConstraint');
  return constraint ?? context.server.region;
}

/** @throws {S3Error} BucketAlreadyOwnedByYou, BucketAlreadyExists, InvalidBucketName. */
export async function createBucket(context: ServiceContext): Promise<Answer> {
  const { server, request, auth } = context;
  const name = request.bucket;
  const existing = server.buckets.get(name);
  if (existing !== undefined && existing.owner !== auth.principal.account) {
    throw new S3Error(409, 'BucketAlreadyExists', 'The requested bucket name is not available.');
  }
  if (existing !== undefined) {
    throw new S3Error(
      409,
      'BucketAlreadyOwnedByYou',
      'Your previous request to create the named bucket succeeded and you already own it.',
    );
  }
  if (!BUCKET_NAME.test(name)) throw badRequest('InvalidBucketName', 'The specified bucket is not valid.');
  const region = await requestedRegion(context);
  const objectLock = request.headers['x-amz-bucket-object-lock-enabled']?.toLowerCase() === 'true';
  server.buckets.set(name, makeBucket({ name, region, owner: auth.principal.account, objectLock }, server.now()));
  return emptyAnswer({ location: `/${name}` });
}

export const headBucket = ({ bucket }: BucketContext): Answer => emptyAnswer({ 'x-amz-bucket-region': bucket.region });

export function deleteBucket({ server, bucket }: BucketContext): Answer {
  if (bucket.versions.size > 0) {
    throw new S3Error(409, 'BucketNotEmpty', 'The bucket you tried to delete is not empty');
  }
  server.buckets.delete(bucket.name);
  for (const upload of bucket.uploads.values()) {
    server.bodies.release([...upload.parts.values()].map(({ body }) => body));
  }
  return emptyAnswer({}, 204);
}

export const getBucketLocation = ({ bucket }: BucketContext): Answer =>
  xmlAnswer('LocationConstraint', bucket.region === 'us-east-1' ? '' : bucket.region);

export const getBucketVersioning = ({ bucket }: BucketContext): Answer =>
  xmlAnswer('VersioningConfiguration', { Status: bucket.versioning });

export async function putBucketVersioning(context: BucketContext): Promise<Answer> {
  const status = textAt(parseXml(await takeText(context)), 'Status');
  if (status !== 'Enabled' && status !== 'Suspended') throw malformedXml();
  if (context.bucket.objectLock && status === 'Suspended') {
    throw new S3Error(
      409,
      'InvalidBucketState',
      'An Object Lock configuration is present on this bucket, so the versioning state cannot be changed.',
    );
  }
  context.bucket.versioning = status;
  return emptyAnswer();
}
