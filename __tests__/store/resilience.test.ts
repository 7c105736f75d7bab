import { describe, expect, it } from '@jest/globals';
import { BackupError, type ErrorClass } from '../../src/errors.ts';
import { silentLog } from '../../src/log.ts';
import { FAILURES_TO_OPEN } from '../../src/store/circuit.ts';
import { Resilience } from '../../src/store/resilience.ts';
import { retry } from '../../src/store/retry.ts';
import { virtualTime } from '../virtual-time.ts';

const failed = (errorClass: ErrorClass) => new BackupError(`It is ${errorClass}.`, { class: errorClass });
const PUT = { operation: 'PutObject', bytes: 5 };

function trial(options: Parameters<typeof virtualTime>[0] = {}) {
  const time = virtualTime(options);
  const lines: string[] = [];
  const log = { ...silentLog, info: (line: string) => void lines.push(line) };
  return { time, lines, resilience: new Resilience(8, time, log) };
}

/** A request that fails with these before it succeeds. */
function request(...errors: unknown[]) {
  const calls = { sent: 0 };
  const send = async () => {
    calls.sent += 1;
    if (errors.length > 0) throw errors.shift();
    return 'done';
  };
  return { calls, send };
}

describe('Resilience', () => {
  it.each(['transient', 'throttled', 'conflict'] as const)(
    'repeats a request after a failure of class %s',
    async (errorClass) => {
      const { resilience } = trial();
      const { calls, send } = request(failed(errorClass), failed(errorClass));
      await expect(resilience.run(PUT, send)).resolves.toBe('done');
      expect(calls.sent).toBe(3);
    },
  );

  it.each(['expired', 'lost-race', 'not-found', 'permanent', 'local', 'input'] as const)(
    'leaves a failure of class %s to those who know what they asked for',
    async (errorClass) => {
      const { resilience } = trial();
      const error = failed(errorClass);
      const { calls, send } = request(error);
      await expect(resilience.run(PUT, send)).rejects.toBe(error);
      expect(calls.sent).toBe(1);
    },
  );

  it('sends once what its caller repeats', async () => {
    const { resilience } = trial();
    const error = failed('transient');
    const { calls, send } = request(error);
    await expect(resilience.run(PUT, send, false)).rejects.toBe(error);
    expect(calls.sent).toBe(1);
  });

  it('gives up after the time that is given', async () => {
    const { resilience, time } = trial({ retryForMs: 60_000 });
    const always = () => Promise.reject(failed('throttled'));
    await expect(resilience.run(PUT, always)).rejects.toThrow(/^It is throttled \(tried \d+ times in \d+ s\)\.$/);
    expect(time.monotonicMs()).toBeGreaterThanOrEqual(60_000);
    expect(time.monotonicMs()).toBeLessThanOrEqual(65_000);
  });

  it('waits once for a store that throttles everything, and says so', async () => {
    const { resilience, time, lines } = trial({ retryForMs: 60_000 });
    const slow = new BackupError('SlowDown.', { class: 'throttled', code: 'SlowDown', httpStatus: 503 });
    const all = Array.from({ length: 40 }, () => resilience.run(PUT, () => Promise.reject(slow)));
    for (const outcome of await Promise.allSettled(all)) {
      expect(outcome).toMatchObject({ reason: { message: expect.stringMatching(/^SlowDown \(tried/) } });
    }
    expect(lines).toEqual([
      expect.stringMatching(/^Waiting for the store for up to \d+ s, as every request fails: SlowDown\.$/),
    ]);
    expect(time.monotonicMs()).toBeLessThanOrEqual(65_000);
  });

  it('makes no outage of a store that takes so many requests a second', async () => {
    const { resilience, time, lines } = trial();
    let taken = 0;
    const send = async () => {
      if (taken >= (20 * time.monotonicMs()) / 1_000) throw failed('throttled');
      taken += 1;
      return 'done';
    };
    await Promise.all(Array.from({ length: 200 }, () => resilience.run(PUT, send)));
    expect(lines).toEqual([]);
  });

  it('sends one request at a time while the store is away, and all of them when it is back', async () => {
    const { resilience, time, lines } = trial();
    let inFlight = 0;
    let most = 0;
    let sent = 0;
    const send = async () => {
      const isAway = time.monotonicMs() < 60_000;
      sent += 1;
      inFlight += 1;
      if (sent > 2 * FAILURES_TO_OPEN && isAway) most = Math.max(most, inFlight);
      await new Promise((resolve) => setImmediate(resolve));
      inFlight -= 1;
      if (isAway) throw failed('transient');
      return 'done';
    };
    const all = Array.from({ length: 40 }, () => resilience.run(PUT, send));
    expect(new Set(await Promise.all(all))).toEqual(new Set(['done']));
    expect(most).toBe(1);
    expect(sent).toBeLessThan(40 + 50);
    expect(lines).toEqual([
      expect.stringMatching(
        /^Waiting for the store for up to \d+ s, as every request fails: It is transient\. It has not/,
      ),
      expect.stringMatching(/^The store answers again after 6\d|7\d s$/),
    ]);
  });

  it('waits for a store that stays away once, also for callers who repeat a request themselves', async () => {
    const { resilience, time, lines } = trial({ retryForMs: 60_000 });
    const { calls, send } = request(...Array.from({ length: 10_000 }, () => failed('transient')));
    const parts = Array.from({ length: 4 }, () => retry(() => resilience.run(PUT, send, false), time));
    for (const outcome of await Promise.allSettled(parts)) {
      expect(outcome).toMatchObject({ reason: { class: 'transient', details: { givenUp: true } } });
    }
    const { sent } = calls;
    await expect(resilience.run(PUT, send)).rejects.toMatchObject({ details: { givenUp: true } });
    expect(calls.sent).toBe(sent + 1);
    expect(time.monotonicMs()).toBeLessThanOrEqual(61_000);
    expect(lines).toHaveLength(1);
  });

  it('repeats requests again once a store that was waited for in vain has answered', async () => {
    const { resilience } = trial({ retryForMs: 60_000 });
    await expect(resilience.run(PUT, () => Promise.reject(failed('transient')))).rejects.toThrow(/tried/);
    await resilience.run(PUT, request().send);
    const { calls, send } = request(failed('transient'));
    await expect(resilience.run(PUT, send)).resolves.toBe('done');
    expect(calls.sent).toBe(2);
  });

  it('makes no outage of a store that refuses, or of a request that keeps failing beside others that do not', async () => {
    const { resilience, lines } = trial();
    for (let round = 0; round < FAILURES_TO_OPEN; round++) {
      await resilience.run(PUT, request(failed('transient')).send, false).catch(() => {});
      await resilience.run(PUT, request(failed('permanent')).send).catch(() => {});
    }
    expect(lines).toEqual([]);
  });

  it('takes a 503 without a word for an outage if it lasts, and slows down at the first', async () => {
    const { resilience, lines } = trial();
    const bare = new BackupError('HTTP 503.', { class: 'throttled', httpStatus: 503 });
    await resilience.run(PUT, request(bare).send);
    expect([resilience.pace.limit, lines]).toEqual([4, []]);
    await resilience.run(PUT, request(...Array.from({ length: 2 * FAILURES_TO_OPEN }, () => bare)).send);
    expect(lines).toHaveLength(2);
  });

  describe('a silence', () => {
    const SILENCE_MS = 120_000;

    /** Requests at a store that says nothing for so long, this often; each of them alone or beside others. */
    async function silence(times: number, beside: number) {
      const { resilience, time, lines } = trial();
      const over = Promise.withResolvers<void>();
      const others = Array.from({ length: beside }, () => resilience.run(PUT, () => over.promise));
      let left = times;
      const silent = async () => {
        if (left-- <= 0) return;
        time.advance(SILENCE_MS);
        throw failed('transient');
      };
      await resilience.run(PUT, silent);
      over.resolve();
      await Promise.all(others);
      return lines;
    }

    it('of the only request there is, is said at once', async () => {
      expect(await silence(1, 0)).toEqual([
        expect.stringMatching(
          /^Waiting for the store for up to 300 s, as every request fails: It is transient\. It has not/,
        ),
        expect.stringMatching(/^The store answers again after \d s$/),
      ]);
    });

    it('of one request beside others is none of the store', async () => {
      expect(await silence(2, 2)).toEqual([]);
    });

    it("of as many as are under way is the store's", async () => {
      expect(await silence(3, 2)).toHaveLength(2);
    });
  });

  it('has fewer requests in flight at a store that throttles', async () => {
    const { resilience } = trial();
    await resilience.run(PUT, request(failed('throttled')).send);
    expect(resilience.pace.limit).toBe(4);
  });

  it('adapts its rate to a store that takes 20 requests a second for 30 s', async () => {
    const { resilience, time } = trial();
    const seconds = new Map<number, { taken: number; refused: number }>();
    const send = async () => {
      await new Promise((resolve) => setImmediate(resolve));
      time.advance(1);
      const second = Math.floor(time.monotonicMs() / 1000);
      const of = seconds.get(second) ?? { taken: 0, refused: 0 };
      seconds.set(second, of);
      if (second < 30 && of.taken >= 20) {
        of.refused += 1;
        throw failed('throttled');
      }
      of.taken += 1;
    };
    await Promise.all(Array.from({ length: 2000 }, () => resilience.run(PUT, send)));
    const all = [...seconds.values()];
    expect(all.reduce((sum, { taken }) => sum + taken, 0)).toBe(2000);
    // Far from asking a thousand times a second, as it could.
    const refused = all.reduce((sum, each) => sum + each.refused, 0);
    expect(refused).toBeLessThan(300);
  });
});
