import { describe, expect, it } from '@jest/globals';
import { StoreClock } from '../../src/aws/store-clock.ts';
import { BackupError } from '../../src/errors.ts';

describe('StoreClock', () => {
  it("carries the server's time forward", () => {
    let ms = 1000;
    const clock = new StoreClock(() => ms);
    clock.observe('Tue, 01 Jul 2025 12:00:00 GMT');
    ms += 2500;
    expect(clock.now().toISOString()).toBe('2025-07-01T12:00:02.500Z');
  });

  it('takes the latest reply', () => {
    const clock = new StoreClock(() => 0);
    clock.observe('Tue, 01 Jul 2025 12:00:00 GMT');
    clock.observe('Tue, 01 Jul 2025 13:00:00 GMT');
    expect(clock.now().toISOString()).toBe('2025-07-01T13:00:00.000Z');
  });

  it.each([undefined, '', 'yesterday'])('is not misled by %j', (header) => {
    const clock = new StoreClock(() => 0);
    clock.observe('Tue, 01 Jul 2025 12:00:00 GMT');
    clock.observe(header);
    expect(clock.now().toISOString()).toBe('2025-07-01T12:00:00.000Z');
  });

  it('does not make up a time', () => {
    const clock = new StoreClock();
    expect(clock.isSet).toBe(false);
    expect(() => clock.now()).toThrow(BackupError);
  });
});
