import { getEventListeners } from 'node:events';
import { setImmediate } from 'node:timers/promises';
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

  it('tells all who wait for a signal, by one listener', async () => {
    const controller = new AbortController();
    const never = () => new Promise(() => {});
    const done = Array.from({ length: 20 }, () => unlessAborted(async () => 7, controller.signal));
    const waiting = Array.from({ length: 20 }, () => unlessAborted(never, controller.signal));
    expect(getEventListeners(controller.signal, 'abort')).toHaveLength(1);
    expect(await Promise.all(done)).toEqual(done.map(() => 7));
    controller.abort(REASON);
    expect(await Promise.allSettled(waiting)).toEqual(waiting.map(() => ({ status: 'rejected', reason: REASON })));
  });

  it('leaves no failure behind that comes after the signal', async () => {
    const controller = new AbortController();
    const late = Promise.withResolvers<never>();
    const outcome = unlessAborted(() => late.promise, controller.signal);
    controller.abort(REASON);
    await expect(outcome).rejects.toBe(REASON);
    const unhandled: unknown[] = [];
    const listener = (reason: unknown) => unhandled.push(reason);
    process.on('unhandledRejection', listener);
    late.reject(new RangeError());
    await setImmediate();
    process.off('unhandledRejection', listener);
    expect(unhandled).toEqual([]);
  });

  it('fails where the work does before it returns', async () => {
    const work = () => {
      throw new RangeError();
    };
    await expect(unlessAborted(work, new AbortController().signal)).rejects.toBeInstanceOf(RangeError);
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
