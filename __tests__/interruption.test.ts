import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { BackupError } from '../src/errors.ts';
import { interruption, unfinishedWords } from '../src/interruption.ts';

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;
/** Of the runner, from SIGINT to SIGTERM. */
const GRACE_MS = 7_500;

/** What the process said and did, in order. */
let done: string[];
let exit: jest.SpiedFunction<typeof process.exit>;
beforeEach(() => {
  done = [];
  jest.useFakeTimers();
  exit = jest.spyOn(process, 'exit').mockImplementation(() => {
    done.push('exit');
    return undefined as never;
  });
});
afterEach(() => {
  exit.mockRestore();
  jest.useRealTimers();
  for (const name of SIGNALS) process.removeAllListeners(name);
});

const begin = () =>
  interruption(
    (by) => `Stopped by ${by}.`,
    ({ message }: BackupError) => done.push(message),
  );

const send = (name: (typeof SIGNALS)[number]) => process.emit(name, name);

describe('unfinishedWords', () => {
  it('promises nothing of commands that may have done part of their work', () => {
    expect(unfinishedWords('backup')).toBe(': what was not finished is not visible');
    expect(['restore', 'prune', 'post', undefined].map(unfinishedWords)).toEqual(['', '', '', '']);
  });
});

describe('interruption', () => {
  it.each(SIGNALS)('aborts at %s with an error that names it', (name) => {
    const { signal } = begin();
    expect(signal.aborted).toBe(false);
    send(name);
    expect(signal.reason).toMatchObject({ message: `Stopped by ${name}.`, details: { class: 'local', code: name } });
    expect(done).toEqual([]);
  });

  it.each([
    ['SIGINT', 'SIGTERM', 0],
    ['SIGTERM', 'SIGINT', 0],
    ['SIGINT', 'SIGINT', 1000],
  ] as const)('ends on the spot, with the first reason, when %s is followed by %s', (first, second, afterMs) => {
    begin();
    send(first);
    jest.advanceTimersByTime(afterMs);
    send(second);
    expect(done).toEqual([`Stopped by ${first}.`, 'exit']);
  });

  it('takes a signal that comes twice at once, as from npx, for one', () => {
    begin();
    send('SIGINT');
    jest.advanceTimersByTime(10);
    send('SIGINT');
    expect(done).toEqual([]);
  });

  it('ends with the reason before the runner would send SIGTERM where the command does not end', () => {
    begin();
    send('SIGINT');
    jest.advanceTimersByTime(GRACE_MS - 1);
    expect(done).toEqual(['Stopped by SIGINT.', 'exit']);
  });

  it.each([0, 4_000, 6_000])('says nothing more after a command that was over %d ms after the signal', (overMs) => {
    const { leave } = begin();
    send('SIGINT');
    jest.advanceTimersByTime(overMs);
    leave();
    expect(done).toEqual([]);
    jest.advanceTimersByTime(GRACE_MS - overMs - 1);
    expect(done[0]).toBe('exit');
    expect(new Set(done)).toEqual(new Set(['exit']));
  });

  it('leaves a process alone that was not asked to stop', () => {
    begin().leave();
    jest.advanceTimersByTime(GRACE_MS);
    expect(done).toEqual([]);
  });
});
