import { expect, it } from '@jest/globals';
import { isRunDirectory } from '../src/run-directory-name.ts';

it.each([
  ['/tmp/versioned-s3-backup-run-a1B2c3', true],
  ['/tmp', false],
  ['/tmp/versioned-s3-backup-run-a1B2c3/restore-x', false],
  ['/home/versioned-s3-backup', false],
])('knows the directory of a run by its name: %s', (path, expected) => {
  expect(isRunDirectory(path)).toBe(expected);
});
