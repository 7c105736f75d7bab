/** A longer cell pushes what follows to the right, in its own line only. */
const MAX_WIDTH = 80;
const GAP = '  ';

/** Of lines that go below each other. */
export interface Column<Row> {
  readonly cell: (row: Row) => string;
  /** Numbers stand to the right. */
  readonly align?: 'right';
}

/** A line per row, with aligned columns; one that is empty in all rows is left out. */
export function alignedLines<Row>(rows: readonly Row[], columns: readonly Column<Row>[]): string[] {
  const filled = columns
    .map(({ cell, align }) => padded(rows.map(cell), align))
    .filter((cells) => cells.some((text) => text.trim() !== ''));
  return rows.map((_, row) =>
    filled
      .map((cells) => cells[row] ?? '')
      .join(GAP)
      .trimEnd(),
  );
}

/** Not by spreading into Math.max: there may be more lines than a call may have arguments. */
function padded(cells: readonly string[], align?: 'right'): readonly string[] {
  const widest = cells.reduce((width, { length }) => Math.max(width, length), 0);
  const width = Math.min(widest, MAX_WIDTH);
  return cells.map((text) => (align === 'right' ? text.padStart(width) : text.padEnd(width)));
}
