import { describe, expect, it } from '@jest/globals';
import { hasSpecialBits, restoredMode } from '../../src/restoration/permissions.ts';

describe('restoredMode', () => {
  it.each([
    ['0644', 0o644, false],
    ['0000', 0, false],
    ['0777', 0o777, false],
    ['4755', 0o755, true],
    ['2755', 0o755, true],
    ['1777', 0o777, true],
    ['7000', 0, true],
  ])('of %s', (mode, expected, isSpecial) => {
    expect(restoredMode(mode)).toBe(expected);
    expect(hasSpecialBits(mode)).toBe(isSpecial);
  });
});
