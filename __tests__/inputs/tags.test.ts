import { describe, expect, it } from '@jest/globals';
import { readTags } from '../../src/inputs/tags.ts';
import { readerOf } from '../github/support.ts';

describe('readTags', () => {
  it.each([
    ['', {}],
    ['team=web', { team: 'web' }],
    ['team = web \n\n stage=prod', { team: 'web', stage: 'prod' }],
    ['query=a=b==', { query: 'a=b==' }],
    ['empty=', { empty: '' }],
    ['Team=a\nteam=b', { Team: 'a', team: 'b' }],
    [`${'k'.repeat(128)}=1`, { ['k'.repeat(128)]: '1' }],
  ])('reads %j', (tags, expected) => expect(readTags(readerOf({ tags }))).toEqual(expected));

  it('takes the names of object members for what they are', () => {
    expect(Object.entries(readTags(readerOf({ tags: '__proto__=a\nconstructor=b' })))).toEqual([
      ['__proto__', 'a'],
      ['constructor', 'b'],
    ]);
  });
});
