import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { MAX_LARGEST_FILES, Tally } from '../../src/selection/tally.ts';
import type { SelectedEntry } from '../../src/selection/types.ts';

const file = (path: string, size: number): SelectedEntry => ({
  path,
  absolutePath: `/${path}`,
  mtimeNs: 0n,
  type: 'file',
  mode: 0o644,
  size,
  ctimeNs: 0n,
  inode: 1n,
});

describe('Tally', () => {
  it('counts by type, and the bytes of files', () => {
    const tally = new Tally();
    const common = { absolutePath: '/x', mtimeNs: 0n };
    tally.add(file('a', 3));
    tally.add(file('b', 4));
    tally.add({ ...common, path: 'l', type: 'symlink', target: 'a' });
    tally.add({ ...common, path: 'd', type: 'directory', mode: 0o755 });
    expect(tally.totals).toEqual({ files: 2, symlinks: 1, directories: 1, bytes: 7 });
    expect(tally.largest).toEqual([
      { path: 'b', size: 4 },
      { path: 'a', size: 3 },
    ]);
  });

  it('keeps the largest, of equal ones the first', () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 30 }), { maxLength: 40 }), (sizes) => {
        const tally = new Tally();
        const files = sizes.map((size, index) => ({ path: String(index), size }));
        for (const { path, size } of files) tally.add(file(path, size));
        expect(tally.largest).toEqual(files.toSorted((a, b) => b.size - a.size).slice(0, MAX_LARGEST_FILES));
      }),
    );
  });
});
