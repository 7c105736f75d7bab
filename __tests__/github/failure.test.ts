import { stripVTControlCharacters } from 'node:util';
import { afterEach, describe, expect, it } from '@jest/globals';
import { BackupError, InputError } from '../../src/errors.ts';
import { fail } from '../../src/github/failure.ts';
import { onRunner } from './support.ts';

afterEach(() => {
  process.exitCode = undefined;
});

const denied = new BackupError('S3 denied PutObject on the bucket acme-backups.', {
  class: 'permanent',
  operation: 'PutObject',
  key: 'backups/demo/x\n::error::injected',
  code: 'AccessDenied',
  httpStatus: 403,
  requestId: 'TX0001',
  hint: 'Give the role this policy:\n{\n  "Resource": "arn:aws:s3:::acme-backups/*"\n}',
  cause: new Error('Forbidden', { cause: new TypeError('socket') }),
});

describe('fail', () => {
  it('annotates the sentence, and prints hint, details and causes below it', async () => {
    const runner = await onRunner(() => fail(denied));
    expect(runner.annotations.kept).toEqual([
      { level: 'error', title: '', message: 'S3 denied PutObject on the bucket acme-backups.' },
    ]);
    expect(stripVTControlCharacters(runner.text()).split('\n')).toEqual([
      'Error: S3 denied PutObject on the bucket acme-backups.',
      'Give the role this policy:',
      '{',
      '  "Resource": "arn:aws:s3:::acme-backups/*"',
      '}',
      'operation: PutObject',
      'key: backups/demo/x\\n::error::injected',
      'code: AccessDenied',
      'HTTP status: 403',
      'request ID: TX0001',
      'caused by Error: Forbidden',
      'caused by TypeError: socket',
      '',
      '',
    ]);
  });

  it('shows the stack in the debug log only', async () => {
    const quiet = await onRunner(() => fail(denied));
    const debugging = await onRunner(() => fail(denied), { debug: true });
    expect(quiet.text()).not.toContain('failure.test.ts');
    expect(debugging.text()).toContain('failure.test.ts');
  });

  it('fails the process', async () => {
    await onRunner(() => fail(new InputError('bucket', 'The input `bucket` is empty.')));
    expect(process.exitCode).toBe(1);
  });

  it.each([
    [new Error('plain'), 'plain'],
    ['text', 'text'],
    [undefined, 'undefined'],
    [new Error(''), 'It failed without saying why.'],
    [new Error('two\nlines'), 'two\\nlines'],
  ])('takes anything that was thrown: %j', async (thrown, message) => {
    const runner = await onRunner(() => fail(thrown));
    expect(runner.annotations.kept.map((annotation) => annotation.message)).toEqual([message]);
  });

  it('names every error of an aggregate', async () => {
    const runner = await onRunner(() => fail(new AggregateError([new Error('first'), 'second'], 'Both failed.')));
    expect(runner.text()).toMatch(/caused by Error: first.*\n.*caused by string: second/);
  });

  it('ends at a cause that leads back to itself', async () => {
    const error = new Error('round');
    error.cause = error;
    const runner = await onRunner(() => fail(error));
    expect(runner.text().match(/caused by/g)?.length).toBe(10);
  });
});
