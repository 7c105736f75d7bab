import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, it } from '@jest/globals';

const planted: string[] = [];

afterAll(async () => {
  for (const directory of planted.splice(0)) await rm(directory, { recursive: true, force: true });
});

/** A fresh directory (without symbolic links in its path) that is removed when the test file is done. */
export async function temporaryDirectory(): Promise<string> {
  const directory = await realpath(await mkdtemp(join(tmpdir(), 'selection-test-')));
  planted.push(directory);
  return directory;
}

/** Makes a tree of `a/file`, `an/empty/directory/` and `a/link -> target`; a file's text is its path. */
export async function plant(...paths: readonly string[]): Promise<string> {
  const root = await temporaryDirectory();
  await plantIn(root, ...paths);
  return root;
}

export async function plantIn(root: string, ...paths: readonly string[]): Promise<void> {
  for (const path of paths) {
    const [place = '', target] = path.split(' -> ');
    const absolute = join(root, place);
    await mkdir(place.endsWith('/') ? absolute : dirname(absolute), { recursive: true });
    if (target !== undefined) await symlink(target, absolute);
    else if (!place.endsWith('/')) await writeFile(absolute, place);
  }
}

/** For names that the file systems of Windows and macOS refuse, or take for the same. */
export const itOnLinux = process.platform === 'linux' ? it : it.skip;

/** For what Windows does not have: links without privileges, permission bits. */
export const itOnPosix = process.platform === 'win32' ? it.skip : it;

export async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

const NOBODY = 65_534;

/** Does something without the rights of the superuser, whom permissions do not stop. */
export async function asNobody<T>(work: () => Promise<T>): Promise<T> {
  if (process.geteuid?.() !== 0) return await work();
  process.seteuid?.(NOBODY);
  try {
    return await work();
  } finally {
    process.seteuid?.(0);
  }
}
