import { HeadBucketCommand } from '@aws-sdk/client-s3';
import { InputError } from '../errors.ts';
import { unlessAborted } from '../unless-aborted.ts';
import { homeRegion } from './arn.ts';
import { createS3Client, type Network } from './clients.ts';
import type { CredentialProvider } from './credential-types.ts';
import { isAmazon, regionOfHost } from './endpoint.ts';
import { type ErrorFacts, factsOf } from './error-facts.ts';
import { toBackupError } from './errors.ts';
import type { RequestMeter } from './request-meter.ts';
import { quote } from './store-request.ts';

/** What stores that have no regions expect in a signature. */
const DEFAULT_REGION = 'us-east-1';

/** A reply came, whatever it said: the region is in its headers, or this store does not tell. */
const ANSWERED_STATUSES: ReadonlySet<number | undefined> = new Set([301, 307, 400, 401, 403, 405]);

export interface RegionQuery extends Network {
  readonly bucket: string;
  /** Absent for Amazon S3. */
  readonly endpoint?: URL;
  readonly forcePathStyle?: boolean;
  readonly meter?: RequestMeter;
  /** Ends the request. */
  readonly signal: AbortSignal;
  /** Of the role, if one is given: buckets of `aws-cn` are unknown to the other partitions. */
  readonly partition?: string;
}

/**
 * Finds where a bucket is when the user did not say: one HeadBucket, whose reply names the region "regardless of the
 * permissions" (S3 API Reference, HeadBucket). It is not signed, because credentials may need the region first, and sent
 * once: callers repeat it.
 *
 * @returns the region; for another store than Amazon, what its host names or `us-east-1` if its reply does not say
 * @throws InputError for a bucket that does not exist, or a region that cannot be found; the signal's reason
 */
export async function findRegion(query: RegionQuery): Promise<string> {
  const { bucket, endpoint, signal } = query;
  const asked = homeRegion(query.partition);
  const client = createS3Client({
    ...query,
    region: asked,
    credentials: NO_CREDENTIALS,
    concurrency: 1,
    maxAttempts: 1,
    unsigned: true,
  });
  try {
    const ask = () => client.send(new HeadBucketCommand({ Bucket: bucket }), { abortSignal: signal });
    const { BucketRegion } = await unlessAborted(ask, signal);
    return BucketRegion ?? otherwise(query);
  } catch (error) {
    signal.throwIfAborted();
    const facts = factsOf(error);
    if (facts.bucketRegion !== undefined) return facts.bucketRegion;
    if (!isRefusal(facts)) {
      throw toBackupError(error, { operation: 'HeadBucket', bucket, region: asked, ...(endpoint && { endpoint }) });
    }
    return otherwise(query);
  } finally {
    client.destroy();
  }
}

function isRefusal({ code, httpStatus }: ErrorFacts): boolean {
  return code !== 'InvalidBucketName' && ANSWERED_STATUSES.has(httpStatus);
}

function otherwise({ bucket, endpoint }: RegionQuery): string {
  const named = endpoint && regionOfHost(endpoint.hostname);
  if (named !== undefined) return named;
  if (!isAmazon(endpoint)) return DEFAULT_REGION;
  throw new InputError(
    'aws-region',
    `aws-region is not set, and Amazon S3 does not tell where the bucket ${quote(bucket)} is: set aws-region to its region.`,
  );
}

/** Keys for requests that are not signed: the SDK asks for some, and nothing is made of them. */
const NO_CREDENTIALS: CredentialProvider = Object.assign(
  async () => ({ accessKeyId: 'unsigned', secretAccessKey: 'unsigned' }),
  { memoized: true as const },
);
