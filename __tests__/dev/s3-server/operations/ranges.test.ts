import { describe, expect, it } from '@jest/globals';
import { rangeOf } from '../../../../dev/s3-server/operations/ranges.ts';

describe('rangeOf', () => {
  it.each([
    [undefined, 0, 9, false],
    ['bytes=2-5', 2, 5, true],
    ['bytes=7-', 7, 9, true],
    ['bytes=-3', 7, 9, true],
    ['bytes=-30', 0, 9, true],
    ['bytes=5-99', 5, 9, true],
    ['lines=1-2', 0, 9, false],
    ['bytes=1-2,4-5', 0, 9, false],
  ])('%s of ten bytes', (header, first, last, partial) => {
    expect(rangeOf(header, 10)).toEqual({ first, last, partial });
  });

  it.each(['bytes=10-', 'bytes=20-30', 'bytes=5-4', 'bytes=-0'])('%s cannot be satisfied', (header) => {
    expect(() => rangeOf(header, 10)).toThrow(expect.objectContaining({ code: 'InvalidRange', status: 416 }));
  });

  it('has nothing to give of an empty object', () => {
    expect(rangeOf(undefined, 0)).toEqual({ first: 0, last: -1, partial: false });
    expect(() => rangeOf('bytes=0-', 0)).toThrow(expect.objectContaining({ status: 416 }));
  });
});
