import { stat } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import { BackupError, codeOf, DAMAGED, InputError, isClass, isDamaged, messageOf } from '../src/errors.ts';

/** An error of node's own realm, which is not that of the test. */
const systemError = () => stat('/nowhere/at/all').catch((error: unknown) => error);

describe('BackupError', () => {
  it('is an error with a sentence for people and fields for code', () => {
    const cause = new Error('socket hang up');
    const error = new BackupError('It failed.', { class: 'transient', code: 'ECONNRESET', attempts: 3, cause });
    expect(error).toBeInstanceOf(Error);
    expect(String(error)).toBe('BackupError: It failed.');
    expect(error.class).toBe('transient');
    expect(error.details).toEqual({ class: 'transient', code: 'ECONNRESET', attempts: 3, cause });
    expect(error.cause).toBe(cause);
  });

  it('has no cause where there is none', () => {
    expect('cause' in new BackupError('It failed.', { class: 'permanent' })).toBe(false);
  });
});

describe('InputError', () => {
  it('is a BackupError of class input that names the input', () => {
    const error = new InputError('keep-last', 'keep-last is "0".', { hint: 'Give 1 or more.' });
    expect(error).toBeInstanceOf(BackupError);
    expect(String(error)).toBe('InputError: keep-last is "0".');
    expect(error.input).toBe('keep-last');
    expect(error.details).toEqual({ class: 'input', hint: 'Give 1 or more.' });
  });
});

describe('isClass', () => {
  const conflict = new BackupError('409', { class: 'conflict' });

  it('tells whether an error is of one of the classes', () => {
    expect(isClass(conflict, 'conflict')).toBe(true);
    expect(isClass(conflict, 'transient', 'conflict')).toBe(true);
    expect(isClass(conflict, 'transient')).toBe(false);
    expect(isClass(conflict)).toBe(false);
    expect(isClass(new InputError('path', 'bad'), 'input')).toBe(true);
  });

  it.each([new Error('conflict'), { class: 'conflict' }, 'conflict', null, undefined])('is false for %p', (thrown) => {
    expect(isClass(thrown, 'conflict')).toBe(false);
  });
});

describe('isDamaged', () => {
  it('tells damage from other failures', () => {
    expect(isDamaged(new BackupError('Bad.', { class: 'permanent', code: DAMAGED }))).toBe(true);
    expect(isDamaged(new BackupError('Denied.', { class: 'permanent', code: 'AccessDenied' }))).toBe(false);
    expect(isDamaged({ details: { code: DAMAGED } })).toBe(false);
  });
});

describe('messageOf', () => {
  it.each([
    [new Error('of an error'), 'of an error'],
    [new BackupError('of ours', { class: 'local' }), 'of ours'],
    [{ message: 'of what looks like one' }, 'of what looks like one'],
    [{ message: 7 }, '[object Object]'],
    ['text', 'text'],
    [undefined, 'undefined'],
    [null, 'null'],
  ])('of %p is %j', (thrown, message) => {
    expect(messageOf(thrown)).toBe(message);
  });

  it('of a failed system call has no class name before it', async () => {
    expect(messageOf(await systemError())).toMatch(/^ENOENT: /);
  });
});

describe('codeOf', () => {
  it('is that of the failed system call', async () => {
    expect(codeOf(await systemError())).toBe('ENOENT');
  });

  it.each([new Error('none'), { code: 7 }, 'ENOENT', null, undefined])('is undefined for %p', (thrown) => {
    expect(codeOf(thrown)).toBeUndefined();
  });
});
