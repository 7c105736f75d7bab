import { describe, expect, it } from '@jest/globals';
import { entryKinds } from '../../src/report/entry-kinds.ts';

describe('entryKinds', () => {
  it.each([
    [{ symlinks: 0, directories: 0 }, '3 files (2.0 KiB)'],
    [{ symlinks: 1, directories: 0 }, '3 files (2.0 KiB) and 1 symbolic link'],
    [{ symlinks: 2, directories: 1 }, '3 files (2.0 KiB), 2 symbolic links and 1 empty directory'],
  ])('leaves out what there is none of: %j', (others, words) => {
    expect(entryKinds({ files: 3, bytes: 2048, ...others })).toBe(words);
  });
});
