import { InputError } from '../errors.ts';

/** What of a role's ARN matters here. */
export interface RoleArn {
  readonly arn: string;
  /** `aws`, `aws-cn`, `aws-us-gov` … (the ARN's second field). */
  readonly partition: string;
  /** Twelve digits; empty on stores that have no accounts, e.g. Ceph. */
  readonly account: string;
}

/** IAM User Guide, "IAM identifiers": a role's ARN; path and name are at most 512 and 64 of these characters. */
const ROLE_ARN = /^arn:(aws[a-z-]*):iam::(\d{12}|):role\/[\w+=,.@/-]{1,576}$/;

/** A region to reach the partition's STS and S3 by when none was given. */
const HOME_REGIONS: Readonly<Record<string, string>> = { 'aws-cn': 'cn-north-1', 'aws-us-gov': 'us-gov-west-1' };

export const DEFAULT_PARTITION = 'aws';

/**
 * @param input the input's name, for the error
 * @throws InputError if `value` is not the ARN of an IAM role
 */
export function parseRoleArn(input: string, value: string): RoleArn {
  const [, partition, account] = ROLE_ARN.exec(value) ?? [];
  if (partition === undefined || account === undefined) {
    throw new InputError(
      input,
      `${input} is ${JSON.stringify(value)}, which is not the ARN of an IAM role: ` +
        'give it in the form arn:aws:iam::123456789012:role/NAME.',
    );
  }
  return { arn: value, partition, account };
}

/** The region that stands for a partition, e.g. `us-east-1` for `aws`. */
export function homeRegion(partition: string = DEFAULT_PARTITION): string {
  return HOME_REGIONS[partition] ?? 'us-east-1';
}
