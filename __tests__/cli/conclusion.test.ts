import { describe, expect, it } from '@jest/globals';
import { conclude } from '../../src/cli/conclusion.ts';
import { BackupError } from '../../src/errors.ts';
import { paperScreen } from './support.ts';

const QUIET = { json: false, verbose: false };
const ERROR = new BackupError('It broke.', {
  class: 'permanent',
  operation: 'PutObject',
  code: 'AccessDenied',
  hint: 'Ask for:\n::s3:PutObject',
  cause: new Error('403\u001b'),
});

describe('conclude', () => {
  it('says nothing more of what went well', () => {
    const { screen, stdout, stderr } = paperScreen();
    expect(conclude({ command: 'list', exitCode: 0, problems: [] }, screen, QUIET)).toBe(0);
    expect(stdout.text + stderr.text).toBe('');
  });

  it('says why a command failed, and what to do', () => {
    const { screen, stdout, stderr } = paperScreen();
    expect(conclude({ command: 'backup', exitCode: 1, problems: [], error: ERROR }, screen, QUIET)).toBe(1);
    expect(stdout.text).toBe('');
    expect(stderr.text.split('\n')).toEqual([
      'error: It broke.',
      '  Ask for:',
      '  \\::s3:PutObject',
      '  operation: PutObject',
      '  code: AccessDenied',
      '  caused by Error: 403\\u001b',
      '',
    ]);
  });

  it('names inputs as flags', () => {
    const { screen, stdout, stderr } = paperScreen();
    const error = new BackupError('The file is larger than `max-memory`.', {
      class: 'input',
      hint: 'Set `overwrite: changed`.',
    });
    const problems = [{ kind: 'odd', message: '`level: data` reads them.', count: 1, examples: ['`path`'] }];
    conclude({ command: 'restore', exitCode: 1, problems, error }, screen, { json: true, verbose: false });
    expect(stderr.text).toBe('error: The file is larger than `--max-memory`.\n  Set `--overwrite changed`.\n');
    expect(JSON.parse(stdout.text)).toMatchObject({
      error: { message: 'The file is larger than `--max-memory`.', hint: 'Set `--overwrite changed`.' },
      problems: [{ message: '`--level data` reads them.', examples: ['`path`'] }],
    });
  });

  it('shows the stack to those who ask for more', () => {
    const { screen, stderr } = paperScreen();
    conclude({ command: 'backup', exitCode: 1, problems: [], error: ERROR }, screen, { json: false, verbose: true });
    expect(stderr.text).toMatch(/^ {2,}at .*conclusion\.test\.ts/m);
  });

  it('prints one object on one line of stdout where JSON is asked for', () => {
    const { screen, stdout, stderr } = paperScreen();
    conclude({ command: 'backup', exitCode: 1, problems: [], error: ERROR }, screen, { json: true, verbose: false });
    expect(stdout.text.trimEnd().split('\n')).toHaveLength(1);
    expect(JSON.parse(stdout.text)).toMatchObject({ ok: false, exitCode: 1, error: { code: 'AccessDenied' } });
    expect(stderr.text).toContain('error: It broke.\n');
  });
});
