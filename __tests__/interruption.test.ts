import { afterEach, describe, expect, it } from '@jest/globals';
import { interruption } from '../src/interruption.ts';

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

afterEach(() => {
  for (const name of SIGNALS) process.removeAllListeners(name);
});

describe('interruption', () => {
  it.each(SIGNALS)('aborts at %s with an error that names it', (name) => {
    const { signal } = interruption((by) => `Stopped by ${by}.`);
    expect(signal.aborted).toBe(false);
    process.emit(name, name);
    expect(signal.reason).toMatchObject({ message: `Stopped by ${name}.`, details: { class: 'local', code: name } });
  });

  it('leaves the second of a kind to the system', () => {
    interruption(String);
    process.emit('SIGINT', 'SIGINT');
    expect(process.listenerCount('SIGINT')).toBe(0);
    expect(process.listenerCount('SIGTERM')).toBe(1);
  });
});
