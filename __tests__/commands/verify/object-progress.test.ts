import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ProgressReporter } from '../../../src/commands/progress-reporter.ts';
import { ObjectProgress } from '../../../src/commands/verify/object-progress.ts';
import { silentLog } from '../../../src/log.ts';

const reporter = () => new ProgressReporter({ files: 0, bytes: 0 }, { log: silentLog, monotonicMs: () => 0 });

describe('ObjectProgress', () => {
  it('counts what comes of a pack or a compressed object as the share of its files and their bytes', () => {
    const whole = reporter();
    const progress = new ObjectProgress({ size: 10, amount: { files: 3, bytes: 1000 } }, whole);
    progress.onReceived(4);
    expect(whole.done).toEqual({ files: 1, bytes: 400 });
    progress.onReceived(6);
    progress.finish();
    expect(whole.done).toEqual({ files: 3, bytes: 1000 });
  });

  it('ends with all of it, whatever was read, and never goes back or beyond', () => {
    const anyShare = fc.record({ size: fc.nat(), amount: fc.record({ files: fc.nat(), bytes: fc.nat() }) });
    fc.assert(
      fc.property(anyShare, fc.array(fc.nat()), (share, pieces) => {
        const whole = reporter();
        const progress = new ObjectProgress(share, whole);
        let before = 0;
        for (const piece of pieces) {
          progress.onReceived(piece);
          expect(whole.done.bytes).toBeGreaterThanOrEqual(before);
          expect(whole.done.bytes).toBeLessThanOrEqual(share.amount.bytes);
          expect(whole.done.files).toBeLessThanOrEqual(share.amount.files);
          before = whole.done.bytes;
        }
        progress.finish();
        expect(whole.done).toEqual(share.amount);
      }),
    );
  });
});
