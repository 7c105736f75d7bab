import { describe, expect, it } from '@jest/globals';
import { ProgressBar } from '../../src/cli/progress-bar.ts';

const MIB = 2 ** 20;
const TOTAL = { files: 10, bytes: 100 * MIB };
const WIDE = 200;

describe('ProgressBar', () => {
  it('shows how far it is, how fast and how long', () => {
    const bar = new ProgressBar(0);
    expect(bar.draw({ files: 2, bytes: 25 * MIB }, TOTAL, 5000, WIDE)).toBe(
      '[##........] 2 of 10 files, 25 MiB of 100 MiB (25 %), 5.0 MiB/s, 20 s left',
    );
  });

  it('goes by files where nobody knows how many bytes are to come', () => {
    const bar = new ProgressBar(0);
    expect(bar.draw({ files: 5, bytes: 25 * MIB }, { ...TOTAL, isOpen: true }, 5000, WIDE)).toBe(
      '[#####.....] 5 of 10 files, 25 MiB so far, 5.0 MiB/s',
    );
  });

  it('is drawn no more often than the eye follows', () => {
    const bar = new ProgressBar(0);
    const drawn = [50, 100, 150, 199, 200].map(
      (now) => bar.draw({ files: 0, bytes: now }, TOTAL, now, WIDE) !== undefined,
    );
    expect(drawn).toEqual([false, true, false, false, true]);
  });

  it('has the rate of the last seconds', () => {
    const bar = new ProgressBar(0);
    for (let second = 1; second <= 10; second++) bar.draw({ files: 0, bytes: 50 * MIB }, TOTAL, second * 1000, WIDE);
    const lines = Array.from({ length: 40 }, (_, i) =>
      bar.draw({ files: 0, bytes: (50 + i) * MIB }, TOTAL, 11_000 + i * 1000, WIDE),
    );
    expect(lines.at(-1)).toContain(', 1.0 MiB/s, ');
  });

  it('leaves the last column free', () => {
    expect(new ProgressBar(0).draw({ files: 1, bytes: 1 }, TOTAL, 1000, 30)).toHaveLength(29);
  });

  it.each([
    [{ files: 0, bytes: 0 }, { files: 4, bytes: 0 }, '[..........]'],
    [{ files: 1, bytes: 0 }, { files: 4, bytes: 0 }, '[##........]'],
    [{ files: 4, bytes: 9 }, { files: 4, bytes: 8 }, '[##########]'],
    [{ files: 0, bytes: 0 }, { files: 0, bytes: 0 }, '[..........]'],
  ])('of %j of %j', (done, total, cells) => {
    expect(new ProgressBar(0).draw(done, total, 1000, WIDE)).toContain(cells);
  });
});
