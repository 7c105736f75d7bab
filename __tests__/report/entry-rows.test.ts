import { describe, expect, it } from '@jest/globals';
import { entryRows } from '../../src/report/entry-rows.ts';

const rowsOf = (symlinks: number, directories: number) =>
  entryRows({ files: 2, bytes: 5, symlinks, directories }).map((cells) => cells.map(({ source }) => source));

describe('entryRows', () => {
  it('leaves out the links and the empty directories where there are none', () => {
    const files = [
      ['Files', '2'],
      ['Bytes', '5 B'],
    ];
    expect(rowsOf(0, 0)).toEqual(files);
    expect(rowsOf(1, 0)).toEqual([...files, ['Symbolic links', '1']]);
    expect(rowsOf(0, 3)).toEqual([...files, ['Empty directories', '3']]);
  });
});
