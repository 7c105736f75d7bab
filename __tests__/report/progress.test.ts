import { describe, expect, it } from '@jest/globals';
import { PROGRESS_INTERVAL_MS, ProgressMeter, progressLine } from '../../src/report/progress.ts';

const MIB = 1024 ** 2;

describe('progressLine', () => {
  const half = { doneFiles: 50, totalFiles: 100, doneBytes: 100 * MIB, totalBytes: 200 * MIB, elapsedMs: 10_000 };

  it('has files, bytes, rate and time left', () => {
    expect(progressLine(half)).toBe('50 of 100 files, 100 MiB of 200 MiB (50 %), 10 MiB/s, 10 s left');
  });

  it('goes by the recent rate where there is one', () => {
    const recent = { files: 10, bytes: 5 * MIB, ms: 1000 };
    expect(progressLine({ ...half, recent })).toMatch(/5\.0 MiB\/s, 20 s left$/);
  });

  it('takes the slower of files and bytes for the time left', () => {
    const recent = { files: 1, bytes: 50 * MIB, ms: 1000 };
    expect(progressLine({ ...half, recent })).toMatch(/, 50 s left$/);
  });

  it('goes by bytes alone while one large file is under way', () => {
    const recent = { files: 0, bytes: 10 * MIB, ms: 1000 };
    expect(progressLine({ ...half, recent })).toMatch(/, 10 s left$/);
  });

  it('does not guess when nothing moves', () => {
    const recent = { files: 0, bytes: 0, ms: 5000 };
    expect(progressLine({ ...half, recent })).toMatch(/, 0 B\/s, time left unknown$/);
    expect(progressLine({ ...half, elapsedMs: 0 })).toMatch(/, rate unknown, .* left$/);
  });

  it('neither shares nor guesses where nobody knows how much is to come', () => {
    expect(progressLine({ ...half, totalBytes: undefined })).toBe('50 of 100 files, 100 MiB so far, 10 MiB/s');
    const meter = new ProgressMeter({ files: 1, bytes: 0, isOpen: true }, 0);
    expect(meter.line({ files: 0, bytes: MIB }, PROGRESS_INTERVAL_MS)).toMatch(/^0 of 1 file, 1\.0 MiB so far, /);
  });

  it('shows neither a share of nothing nor more than all', () => {
    const empty = { doneFiles: 1, totalFiles: 2, doneBytes: 0, totalBytes: 0, elapsedMs: 1000 };
    expect(progressLine(empty)).toBe('1 of 2 files, 0 B of 0 B, 0 B/s, 1.0 s left');
    expect(progressLine({ ...half, doneBytes: 300 * MIB })).toMatch(/\(100 %\)/);
  });
});

describe('ProgressMeter', () => {
  const total = { files: 100, bytes: 1000 * MIB };
  const done = (files: number) => ({ files, bytes: files * 10 * MIB });

  it('is quiet before the first interval is over', () => {
    const meter = new ProgressMeter(total, 1_000);
    const lines = [1_000, 3_000, 1_000 + PROGRESS_INTERVAL_MS - 1].map((nowMs) => meter.line(done(99), nowMs));
    expect(lines).toEqual([undefined, undefined, undefined]);
  });

  it('has a line per interval, however often it is asked', () => {
    const meter = new ProgressMeter(total, 0);
    const lines = Array.from({ length: 201 }, (_, tick) => meter.line(done(tick / 2), tick * 100));
    expect(lines.flatMap((line, tick) => (line === undefined ? [] : [tick * 100]))).toEqual([
      5000, 10_000, 15_000, 20_000,
    ]);
  });

  it('shows the rate of the last half minute', () => {
    const meter = new ProgressMeter(total, 0);
    // Ten files in the first 5 s, then one in every 5 s.
    const lines = Array.from({ length: 9 }, (_, i) => meter.line(done(10 + i), (i + 1) * PROGRESS_INTERVAL_MS));
    expect(lines[0]).toBe('10 of 100 files, 100 MiB of 1,000 MiB (10 %), 20 MiB/s, 45 s left');
    expect(lines[8]).toBe('18 of 100 files, 180 MiB of 1,000 MiB (18 %), 2.0 MiB/s, 6 m 50 s left');
  });

  it('notices a stall', () => {
    const meter = new ProgressMeter(total, 0);
    const lines = Array.from({ length: 8 }, (_, i) => meter.line(done(10), (i + 1) * PROGRESS_INTERVAL_MS));
    expect(lines[7]).toMatch(/0 B\/s, time left unknown$/);
  });
});
