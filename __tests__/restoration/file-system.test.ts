import { existsSync } from 'node:fs';
import { readdir, rm, writeFile } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import { fileSystemTraits } from '../../src/restoration/file-system.ts';
import { failure } from '../series/series-fixture.ts';
import { Scratch } from './scratch.ts';

describe('fileSystemTraits', () => {
  it('says what the file system does with names, and leaves nothing behind', async () => {
    await using scratch = await Scratch.create();
    const traits = await fileSystemTraits(scratch.path);
    expect(await readdir(scratch.path)).toEqual([]);
    await writeFile(scratch.at('CASE'), '');
    await writeFile(scratch.at('\u00e9'), '');
    expect(traits).toEqual({
      ignoresCase: existsSync(scratch.at('case')),
      ignoresForm: existsSync(scratch.at('e\u0301')),
    });
  });

  it('fails where nothing can be written', async () => {
    await using scratch = await Scratch.create();
    const gone = scratch.at('gone');
    await rm(gone, { force: true });
    await expect(fileSystemTraits(gone)).rejects.toEqual(failure('local', /^Could not write to the target .*ENOENT/));
  });
});
