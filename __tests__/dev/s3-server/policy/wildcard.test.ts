import { describe, expect, it } from '@jest/globals';
import { wildcardMatch } from '../../../../dev/s3-server/policy/wildcard.ts';

describe('wildcardMatch', () => {
  it.each([
    ['s3:*', 's3:GetObject', true],
    ['s3:Get*', 's3:PutObject', false],
    ['arn:aws:s3:::b/*', 'arn:aws:s3:::b/a/b', true],
    ['arn:aws:s3:::b/*', 'arn:aws:s3:::b', false],
    ['a?c', 'abc', true],
    ['a?c', 'ac', false],
    ['a.c', 'abc', false],
    ['*', 'line\nbreak', true],
    ['(a+)[b]$', '(a+)[b]$', true],
    ['a-b{2}', 'a-b{2}', true],
  ])('%s on %j: %s', (pattern, text, expected) => {
    expect(wildcardMatch(pattern, text)).toBe(expected);
  });

  it('tells upper from lower case unless told otherwise', () => {
    expect(wildcardMatch('S3:get*', 's3:GetObject')).toBe(false);
    expect(wildcardMatch('S3:get*', 's3:GetObject', true)).toBe(true);
  });
});
