import { describe, expect, it } from '@jest/globals';
import { unlessAborted } from '../src/unless-aborted.ts';

const REASON = new Error('stop');

describe('unlessAborted', () => {
  it('is what the work comes to', async () => {
    const { signal } = new AbortController();
    await expect(unlessAborted(async () => 7, signal)).resolves.toBe(7);
    await expect(unlessAborted(() => Promise.reject(new RangeError()), signal)).rejects.toBeInstanceOf(RangeError);
  });

  it('ends at once where the work goes on', async () => {
    const controller = new AbortController();
    const outcome = unlessAborted(() => new Promise(() => {}), controller.signal);
    controller.abort(REASON);
    await expect(outcome).rejects.toBe(REASON);
  });

  it('begins nothing after the signal', async () => {
    let begun = false;
    const work = async () => {
      begun = true;
    };
    await expect(unlessAborted(work, AbortSignal.abort(REASON))).rejects.toBe(REASON);
    expect(begun).toBe(false);
  });
});
