import { describe, expect, it } from '@jest/globals';
import { RunningTotals } from '../../src/series/running-totals.ts';
import { fileEntry } from './series-fixture.ts';

describe('RunningTotals', () => {
  it('counts kinds and the bytes of files', () => {
    const totals = new RunningTotals();
    const before = totals.current();
    const mtime = '2026-11-22T08:00:00Z';
    totals.add(fileEntry('a', { size: 3 }));
    totals.add(fileEntry('b', { size: 0 }));
    totals.add({ path: 'c', type: 'symlink', mtime, target: 'a' });
    totals.add({ path: 'd', type: 'directory', mtime, mode: '0755' });
    expect(totals.current()).toEqual({ files: 2, symlinks: 1, directories: 1, bytes: 3 });
    expect(before).toEqual({ files: 0, symlinks: 0, directories: 0, bytes: 0 });
  });
});
