import { describe, expect, it } from '@jest/globals';
import { exitCodeOf } from '../../src/cli/exit-code.ts';
import { BackupError, DAMAGED, InputError } from '../../src/errors.ts';

describe('exitCodeOf', () => {
  it.each([
    ['anything', new Error('broken'), false, 1],
    ['no Error at all', 'broken', false, 1],
    ['a failed command', new BackupError('No.', { class: 'permanent', code: 'AccessDenied' }), false, 1],
    ['a refused input', new InputError('bucket', 'No.'), false, 2],
    ['damaged data', new BackupError('Bad.', { class: 'permanent', code: DAMAGED }), false, 3],
    ['an interruption', new BackupError('Stopped.', { class: 'local', code: 'SIGINT' }), true, 130],
    ['whatever broke because of an interruption', new Error('aborted'), true, 130],
  ])('of %s', (_what, error, interrupted, expected) => {
    expect(exitCodeOf(error, interrupted)).toBe(expected);
  });
});
