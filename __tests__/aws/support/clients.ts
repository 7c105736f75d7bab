import type { S3Client } from '@aws-sdk/client-s3';
import { createS3Client, type S3ClientOptions } from '../../../src/aws/clients.ts';
import type { CredentialProvider } from '../../../src/aws/credential-types.ts';

export const KEYS: CredentialProvider = Object.assign(
  async () => ({ accessKeyId: 'AKIDTEST', secretAccessKey: 'secret' }),
  {
    memoized: true as const,
  },
);

export const NETWORK = { proxy: {}, userAgent: { name: 'versioned-s3-backup', version: '0.0.0' } };

/** A client as the product makes it, for a server of a test. */
export function testClient(endpoint: URL, options: Partial<S3ClientOptions> = {}): S3Client {
  return createS3Client({ ...NETWORK, region: 'us-east-1', endpoint, credentials: KEYS, concurrency: 2, ...options });
}
