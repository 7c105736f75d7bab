import { describe, expect, it } from '@jest/globals';
import { bucketProblem, isAccessPoint, isBucketArn } from '../../src/inputs/bucket.ts';

const ARN = 'arn:aws:s3:eu-west-1:123456789012:accesspoint/backups';
const ALIAS = 'backups-hrzrlukc5m36ft7okagglf3gmwluquse1b-s3alias';

describe('bucketProblem', () => {
  it.each([
    'abc',
    'acme-backups',
    'acme.backups.2026',
    '1a1',
    'a'.repeat(63),
    ALIAS,
    ARN,
    ARN.replace('aws', 'aws-cn'),
  ])('takes %s', (name) => expect(bucketProblem(name)).toBeUndefined());

  it.each(['ab', 'a'.repeat(64), 'a b', 'acme-', '.acme', 'a\nb', 'arn:aws:sns:eu-west-1:123456789012:topic'])(
    'refuses %j',
    (name) => expect(bucketProblem(name)).toEqual(expect.stringContaining(': ')),
  );
});

it('tells access points from buckets', () => {
  expect([ARN, ALIAS, 'acme-backups'].map(isBucketArn)).toEqual([true, false, false]);
  expect([ARN, ALIAS, 'acme-backups'].map(isAccessPoint)).toEqual([true, true, false]);
});
