import { describe, expect, it } from '@jest/globals';
import { BackupError } from '../../src/errors.ts';
import { silentLog } from '../../src/log.ts';
import { Circuit, FAILURES_TO_OPEN } from '../../src/store/circuit.ts';
import { virtualTime } from '../virtual-time.ts';

const down = () => new BackupError('Nothing listens there.', { class: 'transient', code: 'ECONNREFUSED' });

/** At the start, beside more than fail. */
const SENT = { sentMs: 0, beside: 100 };

function trial(time = virtualTime()) {
  const lines: string[] = [];
  const circuit = new Circuit(time, { ...silentLog, info: (line) => void lines.push(line) });
  return { circuit, time, lines };
}

function fail(circuit: Circuit, times: number): void {
  for (let done = 0; done < times; done++) circuit.failed(down(), SENT);
}

describe('Circuit', () => {
  it('lets everything pass while all is well, and while only some requests fail', async () => {
    const { circuit, time, lines } = trial();
    for (let round = 0; round < 10; round++) {
      fail(circuit, FAILURES_TO_OPEN - 1);
      circuit.answered();
    }
    await Promise.all(Array.from({ length: 50 }, () => circuit.pass().enter()));
    expect([circuit.isOpen, time.waits, lines]).toEqual([false, [], []]);
  });

  it('says once what it waits for and for how long, and once that it is over', async () => {
    const { circuit, time, lines } = trial();
    circuit.answered();
    fail(circuit, FAILURES_TO_OPEN + 20);
    time.advance(43_000);
    circuit.answered();
    circuit.answered();
    expect(lines).toEqual([
      'Waiting for the store for up to 300 s, as every request fails: Nothing listens there.',
      'The store answers again after 43 s',
    ]);
  });

  it('says what to check where nothing has ever answered', () => {
    const { circuit, lines } = trial();
    fail(circuit, FAILURES_TO_OPEN);
    expect(lines).toEqual([
      'Waiting for the store for up to 300 s, as every request fails: Nothing listens there. It has not answered at all yet: check `endpoint` and the network; `retry-for` says how long is waited.',
    ]);
  });

  it('gives up with what the store said, and not with the pipe it broke', async () => {
    const refused = new BackupError('SlowDown.', { class: 'throttled', code: 'SlowDown', httpStatus: 503 });
    const broken = new BackupError('write EPIPE.', { class: 'transient', code: 'EPIPE' });
    const { circuit, time } = trial(virtualTime({ retryForMs: 0 }));
    for (let done = 0; done < FAILURES_TO_OPEN; done++) circuit.failed(refused, SENT);
    circuit.failed(broken, SENT);
    time.advance(1);
    await expect(circuit.pass().enter()).rejects.toThrow(/^SlowDown/);
  });

  it('lets one request at a time find out whether the store is back, later and later', async () => {
    const { circuit, time } = trial(virtualTime({ random: () => 1 }));
    fail(circuit, FAILURES_TO_OPEN);
    let inside = 0;
    let most = 0;
    const probes = Array.from({ length: 6 }, async () => {
      const pass = circuit.pass();
      await pass.enter();
      most = Math.max(most, ++inside);
      await time.sleep(1);
      inside -= 1;
      circuit.failed(down(), SENT);
      pass.leave();
    });
    await Promise.all(probes);
    expect(most).toBe(1);
    expect(time.waits.filter((ms) => ms !== 1)).toEqual([100, 200, 400, 800, 1600, 3200]);
  });

  it('lets all go as soon as one has been answered', async () => {
    const { circuit } = trial();
    fail(circuit, FAILURES_TO_OPEN);
    const passes = Array.from({ length: 5 }, () => circuit.pass());
    const entered = passes.map((pass) => pass.enter());
    await entered[0];
    circuit.answered();
    await Promise.all(entered);
    expect(passes.every(({ isValid }) => isValid)).toBe(true);
  });

  it('tells a request that was let in before the store went away', async () => {
    const { circuit } = trial();
    const pass = circuit.pass();
    await pass.enter();
    expect(pass.isValid).toBe(true);
    fail(circuit, FAILURES_TO_OPEN);
    expect(pass.isValid).toBe(false);
  });

  it('ends the wait of all when the time is over, with what went wrong and how often it was tried', async () => {
    const { circuit, time } = trial(virtualTime({ retryForMs: 60_000 }));
    fail(circuit, FAILURES_TO_OPEN);
    const outcomes = await Promise.allSettled(
      Array.from({ length: 5 }, async () => {
        const pass = circuit.pass();
        try {
          for (;;) {
            await pass.enter();
            circuit.failed(down(), SENT);
          }
        } finally {
          pass.leave();
        }
      }),
    );
    for (const outcome of outcomes) {
      expect(outcome).toMatchObject({ reason: { class: 'transient', details: { code: 'ECONNREFUSED' } } });
      expect(String(Reflect.get(outcome, 'reason'))).toMatch(/Nothing listens there \(tried \d+ times in \d+ s\)\.$/);
    }
    expect(time.monotonicMs()).toBeLessThanOrEqual(60_000);
    expect(time.monotonicMs()).toBeGreaterThan(40_000);
  });
});
