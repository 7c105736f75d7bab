import { basename, dirname } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { looksTemporary, temporaryName } from '../../src/restoration/temporary-name.ts';

describe('temporaryName', () => {
  it('is beside the place: one for each name, or another each time', () => {
    const named = ['/a/b/file', '/a/b/file', '/a/b/File'].map((path) => temporaryName(path, 'by-name'));
    expect(new Set(named).size).toBe(2);
    const random = Array.from({ length: 100 }, () => temporaryName('/a/b/file', 'random'));
    expect(new Set(random).size).toBe(100);
    for (const name of [...named, ...random]) {
      expect(dirname(name)).toBe('/a/b');
      expect(basename(name)).toMatch(/^\.restore-[0-9a-f]{32}\.tmp$/);
      expect(looksTemporary(name.slice(1))).toBe(true);
    }
  });
});

describe('looksTemporary', () => {
  const digits = '0123456789abcdef'.repeat(2);
  it.each([
    [`.restore-${digits}.tmp`, true],
    [`.restore-${digits}.tmp/below`, true],
    [`above/.RESTORE-${digits.toUpperCase()}.TMP`, true],
    [`.re\u200dstore-${digits}.tmp`, true],
    [`.\uff52estore-${digits}.tmp`, true],
    [`.re\u017ftore-${digits}.tmp`, true],
    [`.restore-${digits}0.tmp`, false],
    [`.restore-${digits}.tmp2`, false],
    ['é/restore-plan', false],
  ])('of %j: %p', (path, expected) => {
    expect(looksTemporary(path)).toBe(expected);
  });
});
