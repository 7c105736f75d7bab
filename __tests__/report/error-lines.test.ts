import { describe, expect, it } from '@jest/globals';
import { BackupError } from '../../src/errors.ts';
import { errorHint, errorLines, errorSentence } from '../../src/report/error-lines.ts';

describe('errorSentence', () => {
  it.each([
    [new Error('It broke.'), 'It broke.'],
    [new Error('a\nb\u202e'), 'a\\nb\\u202e'],
    [new Error(''), 'It failed without saying why.'],
    ['thrown', 'thrown'],
  ])('of %s', (error, sentence) => expect(errorSentence(error)).toBe(sentence));
});

describe('errorHint', () => {
  it('is what the error says can be done', () => {
    expect(errorHint(new BackupError('No.', { class: 'local', hint: 'Do\nthis.' }))).toBe('Do\nthis.');
    expect(errorHint(new BackupError('No.', { class: 'local' }))).toBeUndefined();
    expect(errorHint(new Error('No.'))).toBeUndefined();
  });
});

describe('errorLines', () => {
  it('has the fields that are there, in the order people ask for them, then the causes', () => {
    const cause = new AggregateError([new TypeError('one\u001b'), new Error('two', { cause: 'text' })], 'both');
    const details = { class: 'permanent', code: 'X', attempts: 3, operation: 'GetObject', key: 'a\nb', cause } as const;
    expect(errorLines(new BackupError('No.', details))).toEqual([
      'operation: GetObject',
      'key: a\\nb',
      'code: X',
      'attempts: 3',
      'caused by AggregateError: both',
      'caused by TypeError: one\\u001b',
      'caused by Error: two',
      'caused by string: text',
    ]);
  });

  it('does not say again what the sentence has said', () => {
    const lines = (message: string, details: object) =>
      errorLines(new BackupError(message, { class: 'local', ...details }));
    expect(lines('The version "99" was not found.', { key: '99', code: 'X' })).toEqual(['code: X']);
    expect(lines('`a` is "b\\n", but no.', { found: 'b\n', expected: 'c' })).toEqual(['expected: c']);
    expect(lines('`a` is "b", but no.', { found: '"b"' })).toEqual([]);
    // As a word of the sentence it is there by chance.
    expect(lines('There is a file.', { key: 'a' })).toEqual(['key: a']);
    expect(lines('It is another.', { key: '99', found: 'b' })).toEqual(['key: 99', 'found: b']);
  });

  it('names the causes that are not errors of this project by their kind', () => {
    const cause = new BackupError('There is no such object.', { class: 'not-found', cause: new TypeError('one') });
    expect(errorLines(new BackupError('No.', { class: 'local', cause }))).toEqual([
      'caused by: There is no such object.',
      'caused by TypeError: one',
    ]);
  });

  it('ends with a chain of causes that is a loop', () => {
    const error = new Error('again');
    error.cause = error;
    expect(errorLines(error)).toHaveLength(10);
  });
});
