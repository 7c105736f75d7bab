import { parseRoleArn } from '../aws/arn.ts';
import type { GetIdToken } from '../aws/assume-role.ts';
import { createS3Agents, createS3Client, type Network } from '../aws/clients.ts';
import { createCredentials } from '../aws/credentials.ts';
import { createDirectClient } from '../aws/direct-client.ts';
import { isAmazon } from '../aws/endpoint.ts';
import { toBackupError } from '../aws/errors.ts';
import { type Feature, requiredActions } from '../aws/iam-actions.ts';
import type { RefreshingCredentials } from '../aws/refreshing-credentials.ts';
import { findRegion } from '../aws/region.ts';
import { RequestMeter } from '../aws/request-meter.ts';
import { roleSessionName } from '../aws/session-name.ts';
import { sessionPolicy } from '../aws/session-policy.ts';
import { StoreClock } from '../aws/store-clock.ts';
import type { Log } from '../log.ts';
import type { RunInfo } from '../series/model.ts';
import type { ObjectStore } from './object-store.ts';
import type { Pace } from './pace.ts';
import { Resilience } from './resilience.ts';
import type { RetryPorts } from './retry.ts';
import type { Encryption } from './s3/connection.ts';
import { ResumingS3Store } from './s3/resuming-store.ts';

/** Where a series is kept, and how: what the inputs say. */
export interface StorePlace {
  /** Name, or ARN of an access point. */
  readonly bucket: string;
  /** Without slashes at its ends; may be empty. */
  readonly prefix: string;
  /** Name of the series; empty for all below the prefix, which only a listing takes. */
  readonly series: string;
  /** Absent: to be found out. */
  readonly region?: string;
  /** URL without slash at its end. Absent for Amazon S3. */
  readonly endpoint?: string;
  readonly forcePathStyle: boolean;
  /** Account ID, 12 digits. */
  readonly expectedBucketOwner?: string;
  /** Of data objects. Absent: the bucket's default. */
  readonly storageClass?: string;
  /** Absent: the bucket's default. */
  readonly encryption?: Encryption;
}

/** As whom the store is used. Nothing of it is exported to the job. */
export interface StoreIdentity {
  /** ARN of the role to assume by OIDC. Absent: the SDK's default chain. */
  readonly roleToAssume?: string;
  /** Audience of the OIDC token. */
  readonly audience: string;
  /** ARN of a second role, assumed with the credentials of the first or of the default chain. */
  readonly roleChain?: string;
  /** For `roleChain`. */
  readonly externalId?: string;
  /** Lifetime of a session; STS allows a chained one at most 3,600 seconds. */
  readonly roleDurationSeconds: number;
  /** `auto`: the session may do no more than the command needs. */
  readonly sessionPolicy: 'auto' | 'none';
  /** URL without slash at its end. Absent for Amazon's in the region. */
  readonly stsEndpoint?: string;
}

export interface StorePorts {
  readonly network: Network;
  readonly getIdToken: GetIdToken;
  /** Told every secret key and session token, to keep them out of logs. */
  readonly onSecret: (value: string) => void;
  readonly run: Pick<RunInfo, 'repository' | 'runId'>;
  /** What the command needs to be allowed to do. */
  readonly features: readonly Feature[];
  readonly concurrency: number;
  readonly signal: AbortSignal;
  readonly retry: RetryPorts;
  readonly log: Log;
}

export interface OpenStore {
  readonly store: ObjectStore;
  readonly meter: RequestMeter;
  /** Requests in flight, as the store takes them. */
  readonly pace: Pace;
  readonly region: string;
  readonly isAmazon: boolean;
}

/** Finds the region, makes the credentials and the clients, and puts the seam in front of them. No data is touched. */
export async function openStore(place: StorePlace, identity: StoreIdentity, ports: StorePorts): Promise<OpenStore> {
  const endpoint = place.endpoint === undefined ? undefined : new URL(place.endpoint);
  const meter = new RequestMeter();
  const resilience = new Resilience(ports.concurrency, ports.retry, ports.log);
  const region = place.region ?? (await askRegion(place, endpoint, identity, { meter, resilience }, ports));
  const credentials = identityCredentials(place, region, identity, ports);
  const clock = new StoreClock(ports.retry.monotonicMs);
  const where = { ...ports.network, region, ...(endpoint && { endpoint }), concurrency: ports.concurrency };
  const network = {
    ...where,
    agents: createS3Agents(where),
    forcePathStyle: place.forcePathStyle,
    credentials: credentials.provide,
    maxAttempts: 1,
    meter,
    clock,
  };
  const client = createS3Client(network);
  const { bucket, expectedBucketOwner, encryption, storageClass } = place;
  const about = {
    bucket,
    region,
    ...(endpoint && { endpoint }),
    ...(expectedBucketOwner && { expectedBucketOwner }),
    ...(storageClass && { storageClass }),
    ...(encryption?.kmsKeyId && { kmsKeyId: encryption.kmsKeyId }),
    tagging: true,
  };
  const store = new ResumingS3Store(
    {
      client,
      resilience,
      direct: createDirectClient(place.bucket, client, network),
      bucket,
      isAmazon: isAmazon(endpoint),
      ...(expectedBucketOwner && { expectedBucketOwner }),
      ...(encryption && { encryption }),
      clock,
      credentialRenewal: () => credentials.renewal(),
      toError: (error, subject) => toBackupError(error, { ...about, ...subject }),
      signal: ports.signal,
      retry: ports.retry,
    },
    ports.log,
  );
  return { store, meter, pace: resilience.pace, region, isAmazon: isAmazon(endpoint) };
}

async function askRegion(
  place: StorePlace,
  endpoint: URL | undefined,
  { roleToAssume }: StoreIdentity,
  { meter, resilience }: { readonly meter: RequestMeter; readonly resilience: Resilience },
  { network, signal, log }: StorePorts,
): Promise<string> {
  const query = {
    ...network,
    meter,
    signal,
    bucket: place.bucket,
    forcePathStyle: place.forcePathStyle,
    ...(endpoint && { endpoint }),
    ...(roleToAssume && { partition: parseRoleArn('role-to-assume', roleToAssume).partition }),
  };
  const region = await resilience.run({ operation: 'HeadBucket' }, () => findRegion(query));
  log.info(`The bucket ${place.bucket} is in the region ${region}`);
  return region;
}

/** Other stores have no IAM actions for KMS, and refuse a policy that names them (Ceph: `MalformedPolicyDocument`). */
function knownFeatures(features: readonly Feature[], endpoint: URL | undefined): readonly Feature[] {
  return isAmazon(endpoint) ? features : features.filter((feature) => requiredActions([feature], 'kms').length === 0);
}

function identityCredentials(
  { bucket, prefix, series, endpoint }: StorePlace,
  region: string,
  identity: StoreIdentity,
  { network, getIdToken, onSecret, run, features, log }: StorePorts,
): RefreshingCredentials {
  const role = identity.roleToAssume && parseRoleArn('role-to-assume', identity.roleToAssume);
  const chain = identity.roleChain && parseRoleArn('role-chain', identity.roleChain);
  const partition = (chain || role || undefined)?.partition ?? 'aws';
  return createCredentials({
    ...(role && { role: { arn: role, audience: identity.audience, getIdToken } }),
    ...(chain && { chain: { arn: chain, ...(identity.externalId && { externalId: identity.externalId }) } }),
    ...(identity.sessionPolicy === 'auto' && {
      sessionPolicy: sessionPolicy(
        { partition, bucket, prefix, series },
        knownFeatures(features, endpoint === undefined ? undefined : new URL(endpoint)),
      ),
    }),
    sessionName: roleSessionName(run.repository, run.runId),
    durationSeconds: identity.roleDurationSeconds,
    sts: { ...network, region, ...(identity.stsEndpoint && { endpoint: new URL(identity.stsEndpoint) }) },
    log,
    onSecret,
  });
}
