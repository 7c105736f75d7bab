import { describe, expect, it } from '@jest/globals';
import { windowsNameProblem } from '../../src/restoration/windows-names.ts';

describe('windowsNameProblem', () => {
  it.each([
    ...['CON', 'nul', 'Prn.txt', 'aux.tar.gz', 'COM1', 'lpt9.log', 'COM²', 'CONIN$', 'conout$'],
    ...['C:', 'a:b', 'file::$DATA', 'a\\b', '..\\evil', 'a<', 'a>', 'a"', 'a|', 'a?', 'a*', 'a\tb', 'a\u009f'],
    ...['.git.', 'a ', '...', 'GIT~1', 'PROGRA~2', 'A~1.TXT', 'x'.repeat(256)],
  ])('refuses %j', (name) => {
    expect(windowsNameProblem(name)).toEqual(expect.any(String));
  });

  it.each([
    ...['console', 'nully', 'com', 'COM10', 'com1x', '.git', '.env', 'a b', 'ü', '日本', '😀', 'a~b', 'backup~'],
    ...['file~1234567', 'a.b.c', '-', '~', 'x'.repeat(255)],
  ])('takes %j', (name) => {
    expect(windowsNameProblem(name)).toBeUndefined();
  });
});
