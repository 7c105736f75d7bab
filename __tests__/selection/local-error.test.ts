import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { flagWords } from '../../src/cli/flag-words.ts';
import { codeOf } from '../../src/errors.ts';
import { isMissing, localError, READ_HINT } from '../../src/selection/local-error.ts';
import { plant } from './tree.ts';

describe('codeOf and isMissing', () => {
  it('read the code of a system error', async () => {
    const root = await plant('a');
    const error: unknown = await readFile(join(root, 'b')).catch((reason: unknown) => reason);
    expect(codeOf(error)).toBe('ENOENT');
    expect(isMissing(error)).toBe(true);
    const below: unknown = await readFile(join(root, 'a', 'b')).catch((reason: unknown) => reason);
    expect(isMissing(below)).toBe(process.platform !== 'win32' || codeOf(below) === 'ENOENT');
    const directory: unknown = await readFile(root).catch((reason: unknown) => reason);
    expect(isMissing(directory)).toBe(false);
  });

  it.each([undefined, null, 'ENOENT', new Error('x'), { code: 2 }])('find none in %j', (thrown) => {
    expect(codeOf(thrown)).toBeUndefined();
  });
});

describe('localError', () => {
  it('names the input so that a terminal makes a flag of it', () => {
    expect(flagWords(READ_HINT)).toContain("with a '!' line in `--path`");
  });

  it('says what failed, where, why and what to do', () => {
    const error = localError('read directory', '/a\n', { code: 'EACCES' }, 'give the right to read it');
    expect(error.message).toBe(`Could not read directory "/a\\n" (EACCES): give the right to read it.`);
    expect(error.class).toBe('local');
    expect(error.details).toMatchObject({ operation: 'read directory', key: '/a\n', code: 'EACCES' });
    // The sentence has said it.
    expect(error.details.hint).toBeUndefined();
  });
});
