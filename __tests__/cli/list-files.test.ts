import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { removeListFiles } from '../../src/cli/list-files.ts';

it.each<[string, (path: string) => Record<string, string>, boolean]>([
  ['of a whole list', (file) => ({ file, truncated: 'false', count: '3' }), false],
  ['of a list of which the log shows the first', (file) => ({ file, truncated: 'false', count: '100000' }), true],
  ['of a list that was cut', (file) => ({ file, truncated: 'true', count: '3' }), true],
  ['of all damage', (path) => ({ 'damaged-file': path, damaged: '[{}]', 'damaged-count': '1' }), false],
  ['of damage that was cut', (path) => ({ 'damaged-file': path, damaged: '[{}]', 'damaged-count': '2' }), true],
  ['of another command', () => ({ 'version-id': 'x' }), true],
])('a file %s', async (_title, outputsOf, stays) => {
  const directory = await mkdtemp(join(tmpdir(), 'list-files-'));
  try {
    await writeFile(join(directory, 'list'), '{}\n');
    await removeListFiles(outputsOf(join(directory, 'list')));
    expect(await readdir(directory)).toEqual(stays ? ['list'] : []);
  } finally {
    await rm(directory, { recursive: true });
  }
});
