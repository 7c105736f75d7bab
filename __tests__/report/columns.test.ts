import { describe, expect, it } from '@jest/globals';
import { alignedLines, type Column } from '../../src/report/columns.ts';

type Row = readonly [string, string, string];

const COLUMNS: readonly Column<Row>[] = [
  { cell: ([number]) => number, align: 'right' },
  { cell: ([, name]) => name },
  { cell: ([, , rest]) => rest },
];
const lines = (...rows: readonly Row[]) => alignedLines(rows, COLUMNS);

describe('alignedLines', () => {
  it('puts what belongs together below each other, and nothing behind the last', () => {
    expect(lines(['1', 'a', 'x'], ['1,000', 'longer', ''], ['20', '', 'y'])).toEqual([
      '    1  a       x',
      '1,000  longer',
      '   20          y',
    ]);
  });

  it('leaves a column out that no row has', () => {
    expect(lines(['1', '', 'x'], ['20', '', 'y'])).toEqual([' 1  x', '20  y']);
    expect(lines()).toEqual([]);
  });

  it('does not move all lines for one that is very long', () => {
    const [long, short] = lines(['1', 'a'.repeat(1000), 'x'], ['1', 'a', 'x']);
    expect(long).toHaveLength(1006);
    expect(short).toBe(`1  a${' '.repeat(81)}x`);
  });
});
