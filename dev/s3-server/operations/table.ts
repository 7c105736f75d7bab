import type { S3Operation } from '../http/routes.ts';
import { deleteConfiguration, getConfiguration, putConfiguration } from './bucket-configuration.ts';
import * as buckets from './buckets.ts';
import { CONFIGURATIONS, type ConfigurationOperation } from './configurations.ts';
import type { BucketOperation, ServiceOperation } from './context.ts';
import { copyObject } from './copy-object.ts';
import { deleteObject } from './delete-object.ts';
import { deleteObjects } from './delete-objects.ts';
import { getObject } from './get-object.ts';
import { listObjects, listObjectsV2 } from './list-objects.ts';
import { listMultipartUploads } from './list-uploads.ts';
import { listObjectVersions } from './list-versions.ts';
import { completeMultipartUpload } from './multipart-complete.ts';
import { abortMultipartUpload, createMultipartUpload } from './multipart-create.ts';
import { listParts, uploadPart, uploadPartCopy } from './multipart-parts.ts';
import { getObjectAttributes } from './object-attributes.ts';
import { getObjectLockConfiguration, putObjectLockConfiguration } from './object-lock-configuration.ts';
import * as retention from './object-retention.ts';
import * as tagging from './object-tagging.ts';
import { putObject } from './put-object.ts';

type ServiceOperationName = 'ListBuckets' | 'CreateBucket';
type BucketOperationName = Exclude<S3Operation, ServiceOperationName>;

/** Operations that need no bucket. */
export const SERVICE_OPERATIONS: Readonly<Record<ServiceOperationName, ServiceOperation>> = {
  ListBuckets: buckets.listBuckets,
  CreateBucket: buckets.createBucket,
};

export const isServiceOperation = (operation: S3Operation): operation is ServiceOperationName =>
  operation in SERVICE_OPERATIONS;

const configurations = Object.fromEntries(
  CONFIGURATIONS.flatMap((configuration) => [
    [`GetBucket${configuration.name}`, getConfiguration(configuration)],
    [`PutBucket${configuration.name}`, putConfiguration(configuration)],
    [`DeleteBucket${configuration.name}`, deleteConfiguration(configuration)],
  ]),
) as Record<ConfigurationOperation, BucketOperation>;

/** Operations on a bucket that exists, or on an object in it. */
export const BUCKET_OPERATIONS: Readonly<Record<BucketOperationName, BucketOperation>> = {
  ...configurations,
  HeadBucket: buckets.headBucket,
  DeleteBucket: buckets.deleteBucket,
  GetBucketLocation: buckets.getBucketLocation,
  GetBucketVersioning: buckets.getBucketVersioning,
  PutBucketVersioning: buckets.putBucketVersioning,
  GetObjectLockConfiguration: getObjectLockConfiguration,
  PutObjectLockConfiguration: putObjectLockConfiguration,
  ListObjects: listObjects,
  ListObjectsV2: listObjectsV2,
  ListObjectVersions: listObjectVersions,
  ListMultipartUploads: listMultipartUploads,
  DeleteObjects: deleteObjects,
  PutObject: putObject,
  CopyObject: copyObject,
  GetObject: getObject,
  HeadObject: getObject,
  DeleteObject: deleteObject,
  GetObjectAttributes: getObjectAttributes,
  GetObjectTagging: tagging.getObjectTagging,
  PutObjectTagging: tagging.putObjectTagging,
  DeleteObjectTagging: tagging.deleteObjectTagging,
  GetObjectRetention: retention.getObjectRetention,
  PutObjectRetention: retention.putObjectRetention,
  GetObjectLegalHold: retention.getObjectLegalHold,
  PutObjectLegalHold: retention.putObjectLegalHold,
  CreateMultipartUpload: createMultipartUpload,
  UploadPart: uploadPart,
  UploadPartCopy: uploadPartCopy,
  ListParts: listParts,
  CompleteMultipartUpload: completeMultipartUpload,
  AbortMultipartUpload: abortMultipartUpload,
};
