import { describe, expect, it } from '@jest/globals';
import { homeRegion, parseRoleArn } from '../../src/aws/arn.ts';
import { InputError } from '../../src/errors.ts';

describe('parseRoleArn', () => {
  it.each([
    ['arn:aws:iam::123456789012:role/backup', 'aws', '123456789012'],
    ['arn:aws-cn:iam::123456789012:role/ci/backup', 'aws-cn', '123456789012'],
    ['arn:aws-us-gov:iam::123456789012:role/service-role/b+c=d,e@f', 'aws-us-gov', '123456789012'],
    ['arn:aws:iam:::role/on-ceph', 'aws', ''],
  ])('takes %s', (arn, partition, account) => {
    expect(parseRoleArn('role-to-assume', arn)).toEqual({ arn, partition, account });
  });

  it.each([
    '',
    'backup',
    'arn:aws:iam::123456789012:user/backup',
    'arn:aws:iam::1234:role/backup',
    'arn:aws:sts::123456789012:assumed-role/backup/x',
    'arn:aws:iam::123456789012:role/',
    'arn:aws:iam::123456789012:role/a b',
    ' arn:aws:iam::123456789012:role/backup',
  ])('refuses %j, naming input, value and form', (arn) => {
    const parse = () => parseRoleArn('role-chain', arn);
    expect(parse).toThrow(InputError);
    expect(parse).toThrow(`role-chain is ${JSON.stringify(arn)}`);
    expect(parse).toThrow('arn:aws:iam::123456789012:role/NAME');
  });
});

describe('homeRegion', () => {
  it.each([
    ['aws', 'us-east-1'],
    ['aws-cn', 'cn-north-1'],
    ['aws-us-gov', 'us-gov-west-1'],
    ['aws-new', 'us-east-1'],
    [undefined, 'us-east-1'],
  ])('of %s is %s', (partition, region) => {
    expect(homeRegion(partition)).toBe(region);
  });
});
