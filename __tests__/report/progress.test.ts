import { describe, expect, it } from '@jest/globals';
import { PROGRESS_INTERVAL_MS, ProgressMeter, type ProgressState, progressLine } from '../../src/report/progress.ts';

const MIB = 1024 ** 2;

describe('progressLine', () => {
  const half = { doneFiles: 50, totalFiles: 100, doneBytes: 100 * MIB, totalBytes: 200 * MIB, elapsedMs: 10_000 };

  it('has files, bytes, rate and time left', () => {
    expect(progressLine(half)).toBe('50 of 100 files, 100 MiB of 200 MiB (50 %), 10 MiB/s, 10 s left');
  });

  it('goes by the recent rate where there is one', () => {
    const recent = { files: 5, bytes: 10 * MIB, ms: 1000 };
    expect(progressLine({ ...half, recent })).toMatch(/10 MiB\/s, 10 s left$/);
  });

  it('does not take the files left for as large as those under way, nor for as small', () => {
    const left = (recent: { files: number; bytes: number }, rest: Partial<ProgressState> = {}) =>
      progressLine({ ...half, ...rest, recent: { ...recent, ms: 1000 } })
        .split(', ')
        .at(-1);
    expect(left({ files: 0, bytes: 10 * MIB })).toBe('20 s left');
    expect(left({ files: 10, bytes: 0 })).toBe('10 s left');
    // What a verification of a few packs once took for an hour and 49 minutes.
    const packs = { doneFiles: 1, doneBytes: 198 * MIB, totalFiles: 10_000 };
    expect(left({ files: 1, bytes: 20 * MIB }, packs)).toBe('10 s left');
    expect(left({ files: 0, bytes: 20 * MIB }, { doneFiles: 100 })).toBe('5.0 s left');
    expect(left({ files: 10, bytes: 0 }, { doneBytes: half.totalBytes })).toBe('5.0 s left');
  });

  it('is at 100 % when all is there, and then nothing is left', () => {
    const bytesFirst = { ...half, doneBytes: half.totalBytes };
    expect(progressLine(bytesFirst)).toMatch(/^50 of 100 files, 200 MiB of 200 MiB \(99 %\), .* left$/);
    expect(progressLine({ ...bytesFirst, doneFiles: 100 })).toBe(
      '100 of 100 files, 200 MiB of 200 MiB (100 %), 20 MiB/s',
    );
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
    expect(progressLine({ ...half, doneFiles: 100, doneBytes: 300 * MIB })).toMatch(/\(100 %\)/);
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
