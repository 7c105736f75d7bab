import { execFileSync } from 'node:child_process';
import { chmod, rmdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { BackupError } from '../../src/errors.ts';
import { escapeBytes, readDirectory } from '../../src/selection/read-directory.ts';
import { asNobody, itOnPosix, plant } from './tree.ts';

const byName = (a: { name: string }, b: { name: string }) => (a.name < b.name ? -1 : 1);

describe('readDirectory', () => {
  itOnPosix('tells kinds apart without following links', async () => {
    const root = await plant('file', 'directory/', 'link -> directory', 'broken -> nowhere');
    execFileSync('mkfifo', [join(root, 'fifo')]);
    expect((await readDirectory(root))?.sort(byName)).toEqual([
      { name: 'broken', kind: 'symlink' },
      { name: 'directory', kind: 'directory' },
      { name: 'fifo', kind: 'special' },
      { name: 'file', kind: 'file' },
      { name: 'link', kind: 'symlink' },
    ]);
  });

  it('tells an empty directory from one that is not there', async () => {
    const root = await plant('empty/', 'file');
    expect(await readDirectory(join(root, 'empty'))).toEqual([]);
    await rmdir(join(root, 'empty'));
    expect(await readDirectory(join(root, 'empty'))).toBeUndefined();
    expect(await readDirectory(join(root, 'file'))).toBeUndefined();
  });

  itOnPosix('marks names that are not valid UTF-8, and only those', async () => {
    const root = await plant('good', 'really \ufffd');
    if (!(await canHoldBytes(root))) return;
    const items = (await readDirectory(root))?.sort(byName);
    expect(items).toEqual([
      { name: 'caf\ufffd', kind: 'file', escapedName: 'caf\\xe9' },
      { name: 'good', kind: 'file' },
      { name: 'really \ufffd', kind: 'file' },
    ]);
  });

  itOnPosix('fails for a directory it must not read', async () => {
    const root = await plant('closed/');
    await chmod(root, 0o755);
    await chmod(join(root, 'closed'), 0);
    const error: unknown = await asNobody(() => readDirectory(join(root, 'closed')).catch((reason: unknown) => reason));
    expect(error).toBeInstanceOf(BackupError);
    expect(error).toMatchObject({ class: 'local', details: { code: 'EACCES', key: join(root, 'closed') } });
  });
});

/** Puts a file with a Latin-1 name there; some file systems (APFS) take none. */
async function canHoldBytes(directory: string): Promise<boolean> {
  const path = Buffer.concat([Buffer.from(`${directory}/caf`), Buffer.of(0xe9)]);
  return writeFile(path, '').then(
    () => true,
    () => false,
  );
}

describe('escapeBytes', () => {
  it('keeps printable ASCII and spells out the rest', () => {
    expect(escapeBytes(Buffer.from('a b~\n\x7f\xe9', 'latin1'))).toBe('a b~\\x0a\\x7f\\xe9');
  });
});
