import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { DigestTable } from '../../src/transfer/digest-table.ts';

const hex = (number: number, digits: number) => number.toString(16).padStart(digits, '0');
const digest = (number: number) => `${hex(number >>> 0, 8)}${'0'.repeat(56)}`;

describe('DigestTable', () => {
  it('finds what was added, in that order, however much more comes than was expected', () => {
    const anyNumbers = fc.array(fc.oneof(fc.nat({ max: 30 }), fc.integer()), { maxLength: 300 });
    fc.assert(
      fc.property(anyNumbers, fc.nat({ max: 300 }), (numbers, expected) => {
        const table = new DigestTable(expected);
        for (const [position, number] of numbers.entries()) table.add(digest(number), position);
        for (const number of numbers) {
          const wanted = numbers.flatMap((other, position) => (other >>> 0 === number >>> 0 ? [position] : []));
          expect([...table.candidates(digest(number))]).toEqual(wanted);
        }
      }),
    );
  });

  it('finds nothing that was not added', () => {
    const table = new DigestTable(0);
    expect([...table.candidates(digest(5))]).toEqual([]);
    table.add(digest(5), 0);
    expect([...table.candidates(digest(6))]).toEqual([]);
  });

  it('holds positions beyond 4 GiB', () => {
    const table = new DigestTable(1);
    table.add(digest(1), 2 ** 40);
    expect([...table.candidates(digest(1))]).toEqual([2 ** 40]);
  });
});
