import { describe, expect, it } from '@jest/globals';
import { exitFailure, readFailure, startFailure } from '../../src/producer/failure.ts';

describe('exitFailure', () => {
  it('is none for exit code 0', () => {
    expect(exitFailure({ code: 0, signal: null }, 'pg_dump', ['all is well'])).toBeUndefined();
  });

  it.each([
    [{ code: 3, signal: null }, 'pg_dump', ['gone'], 'The command "pg_dump" failed with exit code 3: gone'],
    [{ code: 127, signal: null }, undefined, [], 'The command failed with exit code 127.'],
    [{ code: null, signal: 'SIGKILL' }, undefined, [], 'The command failed with signal SIGKILL.'],
  ] as const)('says how %j of %s ended', (exit, name, lines, message) => {
    expect(exitFailure(exit, name, lines)).toMatchObject({ message, class: 'local' });
  });

  it('shows the last lines, where the sentence does not say it all', () => {
    expect(exitFailure({ code: 1, signal: null }, undefined, ['first', 'last'])?.details).toMatchObject({
      operation: 'run command',
      expected: 'exit code 0',
      found: 'exit code 1',
      hint: 'No version was made. What the command said last:\n  first\n  last',
    });
  });
});

describe('startFailure', () => {
  const missing = Object.assign(new Error('spawn pg_dump ENOENT'), { code: 'ENOENT' });

  it('says what was not found', () => {
    expect(startFailure(missing, 'pg_dump')).toMatchObject({
      message: 'The command "pg_dump" cannot be started: it was not found.',
      details: { code: 'ENOENT', cause: missing },
    });
    expect(startFailure(missing, undefined).message).toContain('`bash`, which runs it, was not found');
  });

  it('says what the system said', () => {
    const denied = Object.assign(new Error('spawn EACCES'), { code: 'EACCES' });
    expect(startFailure(denied, 'dump').message).toBe('The command "dump" cannot be started: spawn EACCES.');
  });
});

describe('readFailure', () => {
  it('keeps code and cause', () => {
    const cause = Object.assign(new Error('read EISDIR'), { code: 'EISDIR' });
    expect(readFailure(cause)).toMatchObject({ class: 'local', details: { code: 'EISDIR', cause } });
    expect(readFailure(cause).message).toBe('The output of the command cannot be read: read EISDIR.');
    expect(readFailure(cause, true).message).toBe('What comes in on stdin cannot be read: read EISDIR.');
  });
});
