import { expect, it } from '@jest/globals';
import { temporaryFileError } from '../src/temporary-file-error.ts';

it('says what cannot be done, why, and what to do, wherever it runs', () => {
  const full = Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
  const error = temporaryFileError('A temporary list cannot be written to "/t/a"', '/t/a', full);
  expect(error.message).toBe('A temporary list cannot be written to "/t/a": ENOSPC: no space left on device, write.');
  expect(error.details).toEqual({
    class: 'local',
    operation: 'write temporary file',
    key: '/t/a',
    code: 'ENOSPC',
    hint: 'The temporary directory has to be writable and needs some free space.',
    cause: full,
  });
});

it('has no code where the system gives none', () => {
  expect(temporaryFileError('It cannot be read', 'a', new Error('no')).details).not.toHaveProperty('code');
});
