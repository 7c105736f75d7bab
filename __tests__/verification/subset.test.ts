import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { subsetFilter } from '../../src/verification/subset.ts';

const keys = fc.uniqueArray(fc.string({ unit: 'binary' }), { maxLength: 50 });

describe('a share', () => {
  it('together with the others covers every key exactly once', () => {
    fc.assert(
      fc.property(keys, fc.integer({ min: 1, max: 40 }), (names, parts) => {
        const shares = Array.from({ length: parts }, (_, index) =>
          names.filter(subsetFilter({ kind: 'part', part: index + 1, parts })),
        );
        expect(shares.flat().sort()).toEqual([...names].sort());
      }),
    );
  });

  it('is about as large as the others', () => {
    const names = Array.from({ length: 3000 }, (_, index) => `data/id/files/${index}`);
    for (const part of [1, 2, 3]) {
      const { length } = names.filter(subsetFilter({ kind: 'part', part, parts: 3 }));
      expect(Math.abs(length - 1000)).toBeLessThan(150);
    }
  });
});

describe('a sample', () => {
  const names = Array.from({ length: 2000 }, (_, index) => `data/id/files/${index}`);
  const drawn = (share: number, seed: string) => names.filter(subsetFilter({ kind: 'sample', share, seed }));

  it('is drawn again by its seed, and another by another', () => {
    expect(drawn(0.05, 'abc')).toEqual(drawn(0.05, 'abc'));
    expect(drawn(0.05, 'abc')).not.toEqual(drawn(0.05, 'abd'));
  });

  it('has about its share, and all at 100 %', () => {
    expect(Math.abs(drawn(0.05, 'abc').length - 100)).toBeLessThan(50);
    expect(drawn(1, 'abc')).toEqual(names);
  });

  it('grows with the share', () => {
    expect(drawn(0.1, 'abc')).toEqual(expect.arrayContaining(drawn(0.05, 'abc')));
  });
});
