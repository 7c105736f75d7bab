import { describe, expect, it } from '@jest/globals';
import { placeSection } from '../../../src/report/sections/place.ts';
import { COMMON } from '../command-report.ts';

describe('placeSection', () => {
  it('says where, and what it took; what is not known is left out', () => {
    const [{ source } = { source: '' }] = placeSection(COMMON).variants;
    expect(source.split('\n').filter((line) => line.startsWith('|'))).toEqual([
      '| Where | Value |',
      '| --- | --- |',
      '| Bucket | <code>acme</code> |',
      '| Prefix | <code>backups</code> |',
      '| Region | <code>eu-west-1</code> |',
      '| Requests | 6 |',
      '| Duration | 1.2 s |',
    ]);
  });

  it('may be dropped', () => expect(placeSection(COMMON).variants.at(-1)?.source).toBe(''));
});
