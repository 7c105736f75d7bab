import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { BackupError, type ErrorClass } from '../../src/errors.ts';
import { backoffMs, CONFLICT_RETRY, DEFAULT_RETRY, retry } from '../../src/store/retry.ts';
import { PORTS } from '../series/series-fixture.ts';
import { virtualTime } from '../virtual-time.ts';

const RULE = { attempts: 4, baseDelayMs: 100, maxDelayMs: 300, classes: ['transient'] } as const;

const failed = (errorClass: ErrorClass) => new BackupError(errorClass, { class: errorClass });

/** Ports that write down the waits; and work that fails with these errors before it succeeds. */
function trial(errors: readonly unknown[], random = 1) {
  const waits: number[] = [];
  const attempts: number[] = [];
  const left = [...errors];
  const work = async (attempt: number) => {
    attempts.push(attempt);
    if (left.length > 0) throw left.shift();
    return 'done';
  };
  const ports = { ...PORTS, sleep: async (ms: number) => void waits.push(ms), random: () => random };
  return { work, ports, waits, attempts };
}

describe('retry', () => {
  it('waits for nothing when all is well', async () => {
    const { work, ports, waits, attempts } = trial([]);
    await expect(retry(work, ports, RULE)).resolves.toBe('done');
    expect([attempts, waits]).toEqual([[1], []]);
  });

  it('tries again, and waits longer each time, up to a limit', async () => {
    const { work, ports, waits, attempts } = trial(Array.from({ length: 3 }, () => failed('transient')));
    await expect(retry(work, ports, RULE)).resolves.toBe('done');
    expect([attempts, waits]).toEqual([
      [1, 2, 3, 4],
      [100, 200, 300],
    ]);
  });

  it('gives up with the last error, and says how often it was tried', async () => {
    const errors = [1, 2, 3, 4].map((n) => new BackupError(`Number ${n}.`, { class: 'transient', key: `${n}` }));
    const { work, ports, waits } = trial(errors);
    await expect(retry(work, ports, RULE)).rejects.toMatchObject({
      message: 'Number 4 (tried 4 times in 0 s).',
      details: { class: 'transient', key: '4', attempts: 4 },
    });
    expect(waits).toHaveLength(3);
  });

  it('tries until the time is over, counted from the first failure, and once more then', async () => {
    const time = virtualTime({ random: () => 1, retryForMs: 90_000 });
    const work = async () => {
      time.advance(1_000);
      throw failed('transient');
    };
    const error: unknown = await retry(work, time).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ details: { attempts: time.waits.length + 1 } });
    expect(time.monotonicMs()).toBeLessThanOrEqual(92_000);
    expect(time.monotonicMs()).toBeGreaterThanOrEqual(91_000);
  });

  it('does not begin anew where an operation within it has given up', async () => {
    const time = virtualTime();
    const inner = () => retry(() => Promise.reject(failed('conflict')), time);
    await expect(retry(inner, time, CONFLICT_RETRY)).rejects.toMatchObject({
      message: expect.stringMatching(/^conflict \(tried \d+ times in \d+ s\)\.$/),
    });
    expect(time.monotonicMs()).toBeLessThanOrEqual(time.retryForMs);
  });

  it('tries nothing again where no time is given for it', async () => {
    const error = failed('transient');
    const { work, attempts } = trial([error]);
    await expect(retry(work, virtualTime({ retryForMs: 0 }))).rejects.toBe(error);
    expect(attempts).toEqual([1]);
  });

  it('waits longer after a request that was throttled', async () => {
    const { work, ports, waits } = trial([failed('throttled'), failed('throttled')]);
    await retry(work, ports);
    expect(waits).toEqual([1000, 2000]);
  });

  it.each([
    ['an error of another class', failed('permanent')],
    ['an error that is none of ours', new Error('transient')],
    ['what is no error', 'transient'],
  ])('does not try again after %s', async (_what, thrown) => {
    const { work, ports, attempts } = trial([failed('transient'), thrown]);
    await expect(retry(work, ports, RULE)).rejects.toBe(thrown);
    expect(attempts).toEqual([1, 2]);
  });

  it('does not wait for ever when waiting fails', async () => {
    const { work, attempts } = trial([failed('transient')]);
    const sleep = () => Promise.reject(new Error('cancelled'));
    await expect(retry(work, { ...PORTS, sleep }, RULE)).rejects.toThrow('cancelled');
    expect(attempts).toEqual([1]);
  });

  it.each<[ErrorClass, boolean, boolean]>([
    ['transient', true, false],
    ['throttled', true, false],
    ['expired', false, false],
    ['conflict', true, true],
    ['lost-race', false, false],
    ['not-found', false, false],
    ['permanent', false, false],
    ['local', false, false],
    ['input', false, false],
  ])('has rules for class %s', async (errorClass, byDefault, forSmallRequests) => {
    const tries = async (rule: typeof DEFAULT_RETRY) => {
      const { work, ports, attempts } = trial([failed(errorClass)]);
      await retry(work, ports, rule).catch(() => {});
      return attempts.length > 1;
    };
    expect([await tries(DEFAULT_RETRY), await tries(CONFLICT_RETRY)]).toEqual([byDefault, forSmallRequests]);
  });
});

describe('backoffMs', () => {
  it('is between nothing and the bound of its attempt', () => {
    const chance = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1000 }), chance, (attempt, random) => {
        const ms = backoffMs(attempt, DEFAULT_RETRY, () => random);
        expect(ms).toBeGreaterThanOrEqual(0);
        expect(ms).toBeLessThanOrEqual(Math.min(DEFAULT_RETRY.maxDelayMs, 100 * 2 ** (attempt - 1)));
      }),
    );
  });
});
