import { S3Client, type S3ClientConfig } from '@aws-sdk/client-s3';
import { type Credentials, STSClient } from '@aws-sdk/client-sts';
import type { S3Server } from '../../../../dev/s3-server/server.ts';

/** A client of the server that tries everything once. */
export function s3Client(server: S3Server, config: S3ClientConfig = {}): S3Client {
  return new S3Client({
    region: server.region,
    endpoint: server.url,
    forcePathStyle: true,
    credentials: server.credentials,
    maxAttempts: 1,
    ...config,
  });
}

/** A client of the server's STS; unsigned calls need no credentials. */
export function stsClient(
  server: S3Server,
  credentials: S3ClientConfig['credentials'] = server.credentials,
): STSClient {
  return new STSClient({
    region: server.region,
    endpoint: server.url,
    maxAttempts: 1,
    ...(credentials === undefined ? {} : { credentials }),
  });
}

/** The keys of an STS answer as the SDK's clients take them. */
export function identityOf(credentials: Credentials | undefined) {
  const { AccessKeyId = '', SecretAccessKey = '', SessionToken = '' } = credentials ?? {};
  return { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken };
}

/** What a refused call of the SDK has to look like. */
export const refusal = (name: string, httpStatusCode: number): object => ({
  name,
  $metadata: { httpStatusCode },
});
