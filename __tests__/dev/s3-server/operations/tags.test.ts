import { describe, expect, it } from '@jest/globals';
import { tagsFromHeader } from '../../../../dev/s3-server/operations/tags.ts';

describe('tagsFromHeader', () => {
  it('decodes a query string', () => {
    expect(tagsFromHeader('a=1&b%20c=x%2Fy+z')).toEqual([
      { key: 'a', value: '1' },
      { key: 'b c', value: 'x/y z' },
    ]);
    expect(tagsFromHeader(undefined)).toEqual([]);
  });

  it.each([
    ['eleven tags', Array.from({ length: 11 }, (_, at) => `k${at}=v`).join('&'), 'BadRequest'],
    ['the same key twice', 'a=1&a=2', 'InvalidTag'],
    ['an empty key', '=1', 'InvalidTag'],
    ['a long key', `${'k'.repeat(129)}=1`, 'InvalidTag'],
    ['a long value', `k=${'v'.repeat(257)}`, 'InvalidTag'],
    ['a reserved key', 'aws:x=1', 'InvalidTag'],
    ['a forbidden character', 'k=%23', 'InvalidTag'],
  ])('refuses %s', (_, header, code) => {
    expect(() => tagsFromHeader(header)).toThrow(expect.objectContaining({ code, status: 400 }));
  });

  it('takes what is just within the limits', () => {
    const header = `${'k'.repeat(128)}=${'v'.repeat(256)}`;
    expect(tagsFromHeader(header)).toHaveLength(1);
  });
});
