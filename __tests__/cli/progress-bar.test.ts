import { describe, expect, it } from '@jest/globals';
import { ProgressBar } from '../../src/cli/progress-bar.ts';

const MIB = 2 ** 20;
const TOTAL = { files: 10, bytes: 100 * MIB };
const WIDE = 200;

describe('ProgressBar', () => {
  it('shows how far it is, how fast and how long', () => {
    const bar = new ProgressBar(TOTAL, 0);
    expect(bar.draw({ files: 2, bytes: 25 * MIB }, 5000, WIDE)).toBe(
      '[##........] 2 of 10 files, 25 MiB of 100 MiB (25 %), 5.0 MiB/s, 17 s left',
    );
  });

  it('goes by files where nobody knows how many bytes are to come', () => {
    const bar = new ProgressBar({ ...TOTAL, isOpen: true }, 0);
    expect(bar.draw({ files: 5, bytes: 25 * MIB }, 5000, WIDE)).toBe(
      '[#####.....] 5 of 10 files, 25 MiB so far, 5.0 MiB/s',
    );
  });

  it('is drawn no more often than the eye follows', () => {
    const bar = new ProgressBar(TOTAL, 0);
    const drawn = [50, 100, 150, 199, 200].map((now) => bar.draw({ files: 0, bytes: now }, now, WIDE) !== undefined);
    expect(drawn).toEqual([false, true, false, false, true]);
  });

  it('is always drawn when all is done, as nothing more may come', () => {
    const bar = new ProgressBar(TOTAL, 0);
    bar.draw({ files: 9, bytes: 99 * MIB }, 1000, WIDE);
    expect(bar.draw({ files: 9, bytes: TOTAL.bytes }, 1001, WIDE)).toBeUndefined();
    expect(bar.draw(TOTAL, 1002, WIDE)).toMatch(/^\[##########\] 10 of 10 files, 100 MiB of 100 MiB \(100 %\), [^,]+$/);
  });

  it('can be drawn a last time, however soon', () => {
    const bar = new ProgressBar(TOTAL, 0);
    bar.draw({ files: 1, bytes: MIB }, 1000, WIDE);
    bar.draw({ files: 9, bytes: 99 * MIB }, 1001, WIDE);
    expect(bar.drawLast(1002, WIDE)).toMatch(/^\[#########\.\] 9 of 10 files, 99 MiB of 100 MiB \(99 %\), /);
  });

  it('has the rate of the last seconds', () => {
    const bar = new ProgressBar(TOTAL, 0);
    for (let second = 1; second <= 10; second++) bar.draw({ files: 0, bytes: 50 * MIB }, second * 1000, WIDE);
    const lines = Array.from({ length: 40 }, (_, i) =>
      bar.draw({ files: 0, bytes: (50 + i) * MIB }, 11_000 + i * 1000, WIDE),
    );
    expect(lines.at(-1)).toContain(', 1.0 MiB/s, ');
  });

  it.each([
    [75, '[##........] 2 of 10 files, 25 MiB of 100 MiB (25 %), 5.0 MiB/s, 17 s left'],
    [74, '[##........] 2 of 10 files, 25 MiB of 100 MiB (25 %), 17 s left'],
    [64, '[##........] 2 of 10 files, 25 MiB of 100 MiB (25 %), 17 s left'],
    [63, '[##........] 25 MiB of 100 MiB (25 %), 17 s left'],
    [47, '25 MiB of 100 MiB (25 %), 17 s left'],
    [35, '25 MiB of 100 MiB (25 %)'],
    [24, ''],
    [0, ''],
  ])('leaves the last of %i columns free, and cuts no word', (columns, line) => {
    expect(new ProgressBar(TOTAL, 0).draw({ files: 2, bytes: 25 * MIB }, 5000, columns)).toBe(line);
  });

  it.each([
    [{ files: 0, bytes: 0 }, { files: 4, bytes: 0 }, '[..........]'],
    [{ files: 1, bytes: 0 }, { files: 4, bytes: 0 }, '[##........]'],
    [{ files: 4, bytes: 9 }, { files: 4, bytes: 8 }, '[##########]'],
    [{ files: 3, bytes: 8 }, { files: 4, bytes: 8 }, '[#########.]'],
    [{ files: 0, bytes: 0 }, { files: 0, bytes: 0 }, '[..........]'],
  ])('of %j of %j', (done, total, cells) => {
    expect(new ProgressBar(total, 0).draw(done, 1000, WIDE)).toContain(cells);
  });
});
