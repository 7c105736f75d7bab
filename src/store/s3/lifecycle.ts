import { GetBucketLifecycleConfigurationCommand, type LifecycleRule } from '@aws-sdk/client-s3';
import { isClass } from '../../errors.ts';
import type { ExpirationRule } from '../object-store.ts';
import type { S3Connection } from './connection.ts';

/** See `ObjectStore.expirationRules`. */
export async function expirationRules(connection: S3Connection): Promise<readonly ExpirationRule[] | undefined> {
  try {
    const { Rules = [] } = await connection.send({ operation: 'GetBucketLifecycleConfiguration' }, (client, options) =>
      client.send(new GetBucketLifecycleConfigurationCommand(connection.target), options),
    );
    return Rules.flatMap(expirationRule);
  } catch (error) {
    if (!isClass(error, 'permanent', 'not-found')) throw error;
    return error.details.code === 'NoSuchLifecycleConfiguration' ? [] : undefined;
  }
}

/** Rules that only clean up (noncurrent versions, delete markers, open uploads) or move objects are none. */
function expirationRule({ ID = '', Status, Expiration, Filter, Prefix }: LifecycleRule): ExpirationRule[] {
  const { Days, Date: date } = Expiration ?? {};
  if (Status !== 'Enabled' || (Days === undefined && date === undefined)) return [];
  const single = Filter?.Tag === undefined ? [] : [Filter.Tag];
  const tags = [...single, ...(Filter?.And?.Tags ?? [])].map(({ Key = '', Value = '' }) => [Key, Value] as const);
  return [
    {
      id: ID,
      prefix: Filter?.Prefix ?? Filter?.And?.Prefix ?? Prefix ?? '',
      tags: Object.fromEntries(tags),
      when: date === undefined ? `${Days} days after it was made` : `on ${date.toISOString().slice(0, 10)}`,
    },
  ];
}
