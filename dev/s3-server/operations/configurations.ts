/** A bucket configuration that is stored and given back, but (the policy apart) not acted upon. */
export interface Configuration {
  readonly subresource: string;
  /** As in `GetBucket<name>`. */
  readonly name: string;
  /** As in the IAM actions `s3:Get<permission>` and `s3:Put<permission>`. */
  readonly permission: string;
  readonly missingCode: string;
}

const define = <const Name extends string>(
  subresource: string,
  name: Name,
  permission: string,
  missingCode: string,
): Configuration & { readonly name: Name } => ({ subresource, name, permission, missingCode });

export const CONFIGURATIONS = [
  define('lifecycle', 'LifecycleConfiguration', 'LifecycleConfiguration', 'NoSuchLifecycleConfiguration'),
  define('encryption', 'Encryption', 'EncryptionConfiguration', 'ServerSideEncryptionConfigurationNotFoundError'),
  define('policy', 'Policy', 'BucketPolicy', 'NoSuchBucketPolicy'),
  define('publicAccessBlock', 'PublicAccessBlock', 'BucketPublicAccessBlock', 'NoSuchPublicAccessBlockConfiguration'),
  define('ownershipControls', 'OwnershipControls', 'BucketOwnershipControls', 'OwnershipControlsNotFoundError'),
  define('tagging', 'Tagging', 'BucketTagging', 'NoSuchTagSet'),
  define('cors', 'Cors', 'BucketCORS', 'NoSuchCORSConfiguration'),
  define('notification', 'Notification', 'BucketNotification', 'NoSuchConfiguration'),
] as const;

type ConfigurationName = (typeof CONFIGURATIONS)[number]['name'];
export type ConfigurationOperation = `${'Get' | 'Put' | 'Delete'}Bucket${ConfigurationName}`;
