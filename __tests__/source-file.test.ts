import { execFileSync } from 'node:child_process';
import { appendFileSync, readSync, truncateSync, writeFileSync } from 'node:fs';
import { appendFile, chmod, mkdir, rename, stat, symlink, truncate, writeFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  CHANGED,
  changedError,
  differs,
  inWords,
  READ_HERE_BYTES,
  readWhole,
  SourceFile,
  VANISHED,
} from '../src/source-file.ts';
import { failure } from './series/series-fixture.ts';
import { bytesFor, Workspace, watchReads } from './transfer/transfer-fixture.ts';

const itOnPosix = process.platform === 'win32' ? it.skip : it;

let workspace: Workspace;

beforeEach(async () => {
  workspace = await Workspace.create();
});

afterEach(() => workspace[Symbol.asyncDispose]());

async function withFile<T>(path: string, work: (file: SourceFile) => Promise<T>): Promise<T> {
  const file = await SourceFile.open(path);
  try {
    return await work(file);
  } finally {
    await file.close();
  }
}

const vanished = (path: string) =>
  failure('local', `The file ${JSON.stringify(path)} vanished before it was read.`, { code: VANISHED, key: path });

describe('opening a file', () => {
  it('takes down its state', async () => {
    const path = await workspace.write('a', 'hello');
    const { size, mtimeNs, ctimeNs, ino } = await stat(path, { bigint: true });
    const state = await withFile(path, async (file) => file.state);
    expect(state).toMatchObject({ size: Number(size), mtimeNs, ctimeNs, inode: ino });
  });

  itOnPosix.each([0o644, 0o755, 0o4750, 0o600])('takes down the mode %d without the kind of file', async (mode) => {
    const path = await workspace.write('a', '');
    await chmod(path, mode);
    expect((await withFile(path, async (file) => file.state)).mode).toBe(mode);
  });

  it.each([
    ['it is not there', 'gone'],
    ['its directory is not there', 'gone/a'],
  ])('says that it vanished where %s', async (_why, name) => {
    await expect(SourceFile.open(workspace.at(name))).rejects.toEqual(vanished(workspace.at(name)));
  });

  itOnPosix('says that it vanished where its directory became a file', async () => {
    await workspace.write('directory', '');
    await expect(SourceFile.open(workspace.at('directory/a'))).rejects.toEqual(vanished(workspace.at('directory/a')));
  });

  itOnPosix('follows no link that took its place', async () => {
    await workspace.write('secret', 'password');
    await symlink(workspace.at('secret'), workspace.at('a'));
    await expect(SourceFile.open(workspace.at('a'))).rejects.toEqual(vanished(workspace.at('a')));
  });

  itOnPosix('says what the system said where it cannot be read', async () => {
    const path = workspace.at('x'.repeat(300));
    await expect(SourceFile.open(path)).rejects.toEqual(
      failure('local', /^The file ".*" cannot be read: .*ENAMETOOLONG/, {
        operation: 'read file',
        key: path,
        code: 'ENAMETOOLONG',
        hint: expect.stringContaining('readable'),
      }),
    );
  });

  itOnPosix('does not wait for a writer where a pipe took its place', async () => {
    execFileSync('mkfifo', [workspace.at('a')]);
    await expect(SourceFile.open(workspace.at('a'))).rejects.toEqual(vanished(workspace.at('a')));
  });

  itOnPosix('says that it vanished where a directory took its place', async () => {
    await expect(SourceFile.open(workspace.directory)).rejects.toEqual(vanished(workspace.directory));
  });
});

describe('reading a file', () => {
  const read = async (file: SourceFile, length: number, position: number) => {
    const buffer = Buffer.alloc(length, '.');
    return [await file.read(buffer, position), buffer.toString()];
  };

  it.each([
    ['from the start', 3, 0, 3, 'abc'],
    ['in the middle', 3, 2, 3, 'cde'],
    ['to its very end', 6, 0, 6, 'abcdef'],
    ['over its end', 5, 4, 2, 'ef...'],
    ['behind its end', 2, 6, 0, '..'],
    ['nothing', 0, 0, 0, ''],
  ])('%s', async (_where, length, position, bytes, text) => {
    const path = await workspace.write('a', 'abcdef');
    expect(await withFile(path, (file) => read(file, length, position))).toEqual([bytes, text]);
  });

  itOnPosix('says that it vanished when it is a directory by now', async () => {
    await mkdir(workspace.at('a'));
    await expect(withFile(workspace.at('a'), (file) => read(file, 1, 0))).rejects.toEqual(vanished(workspace.at('a')));
  });

  itOnPosix('goes on with the file that was opened, when another takes its name', async () => {
    const path = await workspace.write('a', 'abcdef');
    const text = await withFile(path, async (file) => {
      await rename(await workspace.write('b', 'ABCDEF'), path);
      return read(file, 6, 0);
    });
    expect(text).toEqual([6, 'abcdef']);
  });

  it('asks once for what it gets at once', async () => {
    const path = await workspace.write('a', 'abcdef');
    await using watch = await watchReads();
    await withFile(path, (file) => read(file, 6, 0));
    expect(watch.reads).toEqual([{ position: 0, bytes: 6 }]);
  });
});

describe('a file that changes', () => {
  const hasChanged = (path: string, change: () => Promise<unknown>) =>
    withFile(path, async (file) => {
      await change();
      return differs(file.state, await file.look());
    });

  it('does not by being read', async () => {
    const path = await workspace.write('a', 'abcdef');
    const changed = await withFile(path, async (file) => {
      await file.read(Buffer.alloc(6), 0);
      return differs(file.state, await file.look());
    });
    expect(changed).toBe(false);
  });

  it.each<[string, (path: string) => Promise<unknown>]>([
    ['grows', (path) => appendFile(path, 'g')],
    ['shrinks', (path) => truncate(path, 3)],
    ['is written anew with as many bytes', (path) => writeFile(path, 'ABCDEF')],
  ])('does when it %s', async (_how, change) => {
    const path = await workspace.write('a', 'abcdef');
    expect(await hasChanged(path, () => change(path))).toBe(true);
  });

  itOnPosix('does when its times are set back to hide it', async () => {
    const path = await workspace.write('a', 'abcdef');
    const { ctimeNs } = await stat(path, { bigint: true });
    const changed = await hasChanged(path, async () => {
      // Until the clock of the file system has moved on, too.
      do await workspace.write('a', 'ABCDEF');
      while ((await stat(path, { bigint: true })).ctimeNs === ctimeNs);
    });
    expect(changed).toBe(true);
  });
});

it('what is looked at is told in words, with the bytes that were read', () => {
  const state = { size: 5, mtimeNs: 1n, ctimeNs: 1_600_000_000_123_456_789n, inode: 7n, mode: 0o644 };
  expect(inWords(state)).toBe('5 bytes, mtime 1, ctime 1600000000123456789');
  expect(inWords(state, 3)).toBe('3 bytes, mtime 1, ctime 1600000000123456789');
});

describe('changedError', () => {
  it('names the file and the ways out', () => {
    const hint =
      'Back up after the steps that write it, exclude it with a `!` line in `path`, or set `if-file-changed: warn`.';
    expect(changedError('/w/a\n', '5 bytes', '6 bytes')).toEqual(
      failure('local', 'The file "/w/a\\n" changed while it was read.', {
        operation: 'read file',
        key: '/w/a\n',
        code: CHANGED,
        expected: '5 bytes',
        found: '6 bytes',
        hint,
      }),
    );
  });
});

describe('readWhole', () => {
  const SIZES = [0, 10, READ_HERE_BYTES, READ_HERE_BYTES + 1];

  it.each(SIZES)('fills a buffer of %d bytes and one more', async (size) => {
    const bytes = bytesFor(size);
    const path = await workspace.write('a', bytes);
    const buffer = Buffer.alloc(size + 1);
    const { read, state, changed } = await readWhole(path, buffer);
    expect([read, state.size, changed]).toEqual([size, size, false]);
    expect(buffer.subarray(0, size).equals(bytes)).toBe(true);
    expect(state).toMatchObject({ mtimeNs: 1_600_000_000_000_000_000n });
  });

  it.each(SIZES)('says that a file of %d bytes has vanished', async (size) => {
    await expect(readWhole(workspace.at('gone'), Buffer.alloc(size + 1))).rejects.toEqual(
      vanished(workspace.at('gone')),
    );
  });

  itOnPosix('follows no link, and reads no directory', async () => {
    await workspace.write('secret', 'password');
    await symlink(workspace.at('secret'), workspace.at('link'));
    await mkdir(workspace.at('directory'));
    for (const name of ['link', 'directory']) {
      await expect(readWhole(workspace.at(name), Buffer.alloc(9))).rejects.toEqual(vanished(workspace.at(name)));
    }
  });

  it.each<[string, (path: string) => void]>([
    ['grows', (path) => appendFileSync(path, 'more')],
    ['is written anew', (path) => writeFileSync(path, '0123456789')],
    ['is emptied', (path) => truncateSync(path, 0)],
  ])('sees that a small file %s while it is read', async (_what, change) => {
    const path = await workspace.write('a', '0123456789');
    let pending = true;
    const { changed } = await readWhole(path, Buffer.alloc(11), (...place) => {
      const bytes = readSync(...place);
      if (pending) change(path);
      pending = false;
      return bytes;
    });
    expect(changed).toBe(true);
  });

  it('reads on after a read that brought less than there is', async () => {
    const path = await workspace.write('a', '0123456789');
    const buffer = Buffer.alloc(11);
    const { read } = await readWhole(path, buffer, (file, into, offset, length, position) =>
      readSync(file, into, offset, Math.min(length, 3), position),
    );
    expect([read, buffer.toString('utf8', 0, 10)]).toEqual([10, '0123456789']);
  });

  it.each(SIZES.slice(1))('names a file of %d bytes that cannot be read to its end', async (size) => {
    const path = await workspace.write('a', bytesFor(size));
    const broken = Object.assign(new Error('EIO: i/o error, read'), { code: 'EIO' });
    const failing = (offset: number) => {
      if (offset > 0) throw broken;
    };
    await using _watch = await watchReads(({ position, bytes }) => failing(position + bytes));
    const reading = readWhole(path, Buffer.alloc(size + 1), (file, into, offset, _length, position) => {
      failing(offset);
      return readSync(file, into, offset, 1, position);
    });
    await expect(reading).rejects.toEqual(
      failure('local', `The file ${JSON.stringify(path)} cannot be read: EIO: i/o error, read.`, {
        operation: 'read file',
        key: path,
        code: 'EIO',
      }),
    );
  });
});
