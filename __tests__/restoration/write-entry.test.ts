import { lstat, mkdir, readdir, readFile, readlink, stat, symlink, utimes, writeFile } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import { touchEntry, writeFileEntry, writeLinkEntry } from '../../src/restoration/write-entry.ts';
import type { FileEntry, SymlinkEntry } from '../../src/series/model.ts';
import { Lanes } from '../../src/transfer/lanes.ts';
import { RANGE_BYTES, type ReadContext } from '../../src/transfer/read-object.ts';
import { failure, fileEntry } from '../series/series-fixture.ts';
import { breaking, KEY, storeWith } from '../store/broken-reader.ts';
import { bytesFor, sha256Of } from '../transfer/transfer-fixture.ts';
import { Scratch } from './scratch.ts';

const MTIME = '2001-02-03T04:05:06.789Z';

async function reading(bytes: Uint8Array): Promise<{ entry: FileEntry; context: ReadContext }> {
  const context = {
    store: breaking(await storeWith(bytes), {}),
    lanes: new Lanes(4, RANGE_BYTES),
    signal: new AbortController().signal,
    onReceived() {},
  };
  const fields = { size: bytes.byteLength, sha256: sha256Of(bytes), mode: '0640', mtime: MTIME };
  return { entry: fileEntry('file', fields), context };
}

describe('writeFileEntry', () => {
  it.each([0, 10, 2 * RANGE_BYTES + 1])('writes %d bytes with mode and time', async (size) => {
    await using scratch = await Scratch.create();
    const bytes = bytesFor(size);
    const { entry, context } = await reading(bytes);
    await writeFileEntry(
      { entry, key: KEY, isOwn: true },
      { path: scratch.at('file'), mayReplace: false, naming: 'by-name' },
      context,
    );
    expect(await readdir(scratch.path)).toEqual(['file']);
    expect((await readFile(scratch.at('file'))).equals(bytes)).toBe(true);
    const { mode, mtime } = await stat(scratch.at('file'));
    expect([mode & 0o7777, mtime]).toEqual([0o640, new Date(MTIME)]);
  });

  it.each([true, false])('leaves nothing of bytes that are wrong, mayReplace: %p', async (mayReplace) => {
    await using scratch = await Scratch.create();
    const { entry, context } = await reading(bytesFor(1000));
    const wrong = { ...entry, sha256: 'f'.repeat(64) };
    if (mayReplace) await writeFile(scratch.at('file'), 'old');
    const place = { path: scratch.at('file'), mayReplace, naming: 'by-name' } as const;
    await expect(writeFileEntry({ entry: wrong, key: KEY, isOwn: true }, place, context)).rejects.toEqual(
      failure('permanent', /is not what its entry/),
    );
    expect(await readdir(scratch.path)).toEqual(mayReplace ? ['file'] : []);
    if (mayReplace) expect(await readFile(scratch.at('file'), 'utf8')).toBe('old');
  });

  it('names the file where the disk refuses it', async () => {
    await using scratch = await Scratch.create();
    const { entry, context } = await reading(bytesFor(10));
    const place = { path: scratch.at('missing', 'file'), mayReplace: false, naming: 'by-name' } as const;
    await expect(writeFileEntry({ entry, key: KEY, isOwn: true }, place, context)).rejects.toEqual(
      failure('local', /^Could not write ".*missing\/file" \(ENOENT\)/, { key: place.path }),
    );
  });

  it('is readable for its owner alone until it is complete', async () => {
    await using scratch = await Scratch.create();
    const { entry, context } = await reading(bytesFor(2 * RANGE_BYTES));
    const modes = new Set<number>();
    const store = {
      ...context.store,
      get: async (...call: Parameters<typeof context.store.get>) => {
        for (const name of await readdir(scratch.path)) modes.add((await stat(scratch.at(name))).mode & 0o777);
        return context.store.get(...call);
      },
    };
    const lanes = new Lanes(1, RANGE_BYTES);
    const place = { path: scratch.at('file'), mayReplace: false, naming: 'by-name' } as const;
    await writeFileEntry({ entry: { ...entry, mode: '0644' }, key: KEY, isOwn: true }, place, {
      ...context,
      store,
      lanes,
    });
    expect([...modes]).toEqual([0o600]);
  });
});

describe('writeLinkEntry', () => {
  const entry: SymlinkEntry = { path: 'link', type: 'symlink', mtime: MTIME, target: 'victim' };

  it.each([true, false])(
    'makes a link with its time and touches nothing it points at, mayReplace: %p',
    async (mayReplace) => {
      await using scratch = await Scratch.create();
      await writeFile(scratch.at('victim'), 'mine');
      await utimes(scratch.at('victim'), 1, 1);
      if (mayReplace) await writeFile(scratch.at('link'), 'old');
      await writeLinkEntry(entry, { path: scratch.at('link'), mayReplace, naming: 'by-name' });
      expect(await readlink(scratch.at('link'))).toBe('victim');
      expect((await lstat(scratch.at('link'))).mtime).toEqual(new Date(MTIME));
      expect((await stat(scratch.at('victim'))).mtimeMs).toBe(1000);
      expect((await readdir(scratch.path)).sort()).toEqual(['link', 'victim']);
    },
  );

  it('replaces nothing it must not', async () => {
    await using scratch = await Scratch.create();
    await writeFile(scratch.at('link'), 'old');
    await expect(
      writeLinkEntry(entry, { path: scratch.at('link'), mayReplace: false, naming: 'by-name' }),
    ).rejects.toEqual(failure('local', /EEXIST/));
    expect(await readFile(scratch.at('link'), 'utf8')).toBe('old');
  });
});

describe('touchEntry', () => {
  it('gives a file and a directory mode and time', async () => {
    await using scratch = await Scratch.create();
    await writeFile(scratch.at('file'), 'same');
    await mkdir(scratch.at('directory'));
    await touchEntry(fileEntry('file', { mode: '0600', mtime: MTIME }), scratch.at('file'));
    await touchEntry({ path: 'd', type: 'directory', mode: '0700', mtime: MTIME }, scratch.at('directory'));
    for (const [name, mode] of [
      ['file', 0o600],
      ['directory', 0o700],
    ] as const) {
      const found = await stat(scratch.at(name));
      expect([name, found.mode & 0o7777, found.mtime]).toEqual([name, mode, new Date(MTIME)]);
    }
  });

  it('goes through no link that has come into its place', async () => {
    await using scratch = await Scratch.create();
    await writeFile(scratch.at('victim'), 'mine', { mode: 0o644 });
    await symlink('victim', scratch.at('file'));
    await expect(touchEntry(fileEntry('file', { mode: '0777', mtime: MTIME }), scratch.at('file'))).rejects.toEqual(
      failure('local', /ELOOP/),
    );
    expect((await stat(scratch.at('victim'))).mode & 0o777).toBe(0o644);
  });
});
