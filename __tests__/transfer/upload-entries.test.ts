import { chmod, rm, stat, utimes } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { BackupError } from '../../src/errors.ts';
import type { SelectedEntry, SelectedFile } from '../../src/selection/types.ts';
import type { Entry } from '../../src/series/model.ts';
import { READ_HERE_BYTES } from '../../src/source-file.ts';
import { Lanes } from '../../src/transfer/lanes.ts';
import { LargeContents } from '../../src/transfer/large-contents.ts';
import { LooseFiles } from '../../src/transfer/loose-files.ts';
import { type EntryUpload, uploadEntries } from '../../src/transfer/upload-entries.ts';
import type { UploadContext } from '../../src/transfer/upload-file.ts';
import { asyncOf, failure, ID, KEYS, keysIn, stored } from '../series/series-fixture.ts';
import { settled } from './gate.ts';
import { beginPacking } from './packs-fixture.ts';
import { contextFor, PART, RecordingStore, receiptFor, sha256Of, Workspace, watchReads } from './transfer-fixture.ts';

const MTIME_NS = 1_600_000_000_000_000_000n;
const MTIME = '2020-09-13T12:26:40Z';
const STAT = { ctimeNs: MTIME_NS, inode: 1n };
const posix = process.platform !== 'win32';
const itOnPosix = posix ? it : it.skip;

let workspace: Workspace;

beforeEach(async () => {
  workspace = await Workspace.create();
});

afterEach(() => workspace[Symbol.asyncDispose]());

/** A file as a walk lists it; the numbers are what it saw, which need not be so any more. */
async function file(path: string, content: string, listed: Partial<SelectedFile> = {}): Promise<SelectedFile> {
  const absolutePath = await workspace.write(`file-${path.replaceAll(/\W/g, '-')}`, content);
  return { path, absolutePath, type: 'file', mtimeNs: MTIME_NS, mode: 0o644, size: content.length, ...STAT, ...listed };
}

function upload(selected: readonly SelectedEntry[], store: RecordingStore, fields: Partial<UploadContext> = {}) {
  const context = contextFor(store, fields);
  const attributes = { tags: { version: ID }, storageClass: 'STANDARD_IA' };
  const candidates = asyncOf(selected.map((one) => ({ selected: one })));
  const loose = new LooseFiles({ level: 3, compressedAtOnce: 0, contents: new LargeContents() });
  const upload: EntryUpload = { keys: KEYS, id: ID, attributes, changeDetection: 'content', context, loose };
  const entries = uploadEntries(candidates, upload);
  const all = async () => (await Array.fromAsync(entries)).flatMap(({ entry }) => entry ?? []);
  return { context, entries, all };
}

const pathsOf = (entries: readonly Entry[]) => entries.map(({ path }) => path);

describe('uploadEntries', () => {
  it('makes an entry and an object of a file', async () => {
    const store = new RecordingStore();
    const selected = await file('dist/a b/🦊.html', '<html>');
    if (posix) await chmod(selected.absolutePath, 0o4755);
    const [entry] = await upload([selected], store).all();
    const key = KEYS.file(ID, 'dist/a b/🦊.html');
    expect(entry).toEqual({
      path: 'dist/a b/🦊.html',
      type: 'file',
      mode: posix ? '4755' : '0666',
      mtime: MTIME,
      size: 6,
      sha256: sha256Of(Buffer.from('<html>')),
      key: `data/${ID}/files/dist/a b/🦊.html`,
      receipt: receiptFor(Buffer.from('<html>')),
    });
    expect(await stored(store, key)).toEqual(Buffer.from('<html>'));
    expect(store.attributes(key)).toEqual({
      tags: { version: ID },
      storageClass: 'STANDARD_IA',
      contentType: 'text/html',
    });
  });

  it('makes entries of links and empty directories, without a request', async () => {
    const store = new RecordingStore();
    const base = { absolutePath: workspace.at('not there'), mtimeNs: -1n };
    const mtime = '1969-12-31T23:59:59.999999999Z';
    const entries = await upload(
      [
        { ...base, path: 'd', type: 'directory', mode: 0o40_1777 },
        { ...base, path: 'l', type: 'symlink', target: '../../etc/passwd\n' },
      ],
      store,
    ).all();
    expect(entries).toEqual([
      { path: 'd', type: 'directory', mode: '1777', mtime },
      { path: 'l', type: 'symlink', target: '../../etc/passwd\n', mtime },
    ]);
    expect(store.events).toEqual([]);
  });

  it('says of a file what it was when it was read, not when it was listed', async () => {
    const selected = await file('a', 'now longer', { size: 3, mode: 0o600, mtimeNs: 0n });
    const { mode } = await stat(selected.absolutePath);
    const [entry] = await upload([selected], new RecordingStore()).all();
    expect(entry).toMatchObject({ size: 10, mtime: MTIME, mode: `0${(mode & 0o777).toString(8)}` });
  });

  it('keeps nanoseconds', async () => {
    const selected = await file('a', '');
    await utimes(selected.absolutePath, 1_600_000_000, 1_600_000_000.123_456);
    const { mtimeNs } = await stat(selected.absolutePath, { bigint: true });
    const [entry] = await upload([selected], new RecordingStore()).all();
    expect(entry?.mtime).toBe(
      `2020-09-13T12:26:40.${String(mtimeNs % 1_000_000_000n)
        .padStart(9, '0')
        .replace(/0+$/, '')}Z`,
    );
  });

  it('keeps the order of the selection, in whatever order the uploads end', async () => {
    const slow = Promise.withResolvers<void>();
    const names = Array.from({ length: 50 }, (_, index) => `f${String(index).padStart(2, '0')}`);
    const store: RecordingStore = new RecordingStore({
      put: async (key) => {
        if (key.endsWith('f00')) await slow.promise;
        if (key.endsWith('f49')) slow.resolve();
      },
    });
    const selected = await Promise.all(names.map((name) => file(name, name)));
    expect(pathsOf(await upload(selected, store).all())).toEqual(names);
    expect(await keysIn(store)).toHaveLength(50);
  });

  it('stores large and small files side by side', async () => {
    const large = 'x'.repeat(2 * PART + 1);
    const store = new RecordingStore();
    const selected = [await file('a', large), await file('b', 'small')];
    const entries = await upload(selected, store).all();
    expect(entries).toMatchObject([{ size: 2 * PART + 1, sha256: sha256Of(Buffer.from(large)) }, { size: 5 }]);
    expect(store.summary.toSorted()).toEqual(['complete', 'open', 'part 1', 'part 2', 'part 3', 'put']);
  });
});

describe('a file that cannot be stored', () => {
  it('ends the upload with its own error, once those under way have ended', async () => {
    const release = Promise.withResolvers<void>();
    const ended: string[] = [];
    const store = new RecordingStore({
      put: async (key) => {
        if (key.endsWith('b')) throw new BackupError('denied', { class: 'permanent' });
        await release.promise;
        ended.push(key.slice(-1));
      },
    });
    const selected = await Promise.all(['a', 'b', 'c'].map((name) => file(name, name)));
    let outcome = 'open';
    const failed = upload(selected, store)
      .all()
      .catch((error: Error) => {
        outcome = error.message;
      });
    while (store.events.length < 3) await settled();
    expect(outcome).toBe('open');
    release.resolve();
    await failed;
    expect([outcome, ended.toSorted()]).toEqual(['denied', ['a', 'c']]);
  });

  it('keeps those that wait for their turn from being sent', async () => {
    const store = new RecordingStore({
      put: async () => {
        for (let turn = 0; turn < 20; turn++) await settled();
        throw new BackupError('denied', { class: 'permanent' });
      },
    });
    const selected = await Promise.all(Array.from({ length: 60 }, (_, index) => file(`f${index}`, 'x')));
    await expect(upload(selected, store, { lanes: new Lanes(2, PART) }).all()).rejects.toThrow('denied');
    expect(store.events.length).toBeLessThanOrEqual(4);
  });

  it('ends the upload when it vanished', async () => {
    const selected = [await file('a', 'a'), await file('b', 'b')];
    await rm(workspace.at('file-b'));
    await expect(upload(selected, new RecordingStore()).all()).rejects.toEqual(failure('local', /vanished/));
  });

  it('is left out with a warning when it vanished and that is allowed', async () => {
    const selected = [await file('a', 'a'), await file('b\n', 'b'), await file('c', 'c')];
    await rm(workspace.at('file-b-'));
    const store = new RecordingStore();
    const { context, all } = upload(selected, store, { failOnChange: false });
    expect(pathsOf(await all())).toEqual(['a', 'c']);
    expect(await keysIn(store)).toEqual([KEYS.file(ID, 'a'), KEYS.file(ID, 'c')]);
    expect(context.warnings).toEqual([
      { kind: 'file-vanished', message: expect.stringContaining('not part of this version'), subject: 'b\n' },
    ]);
  });

  it('ends the upload when it changed', async () => {
    const selected = await file('a', 'a'.repeat(READ_HERE_BYTES));
    await using _watch = await watchReads(() => utimes(selected.absolutePath, 0, 0));
    await expect(upload([selected], new RecordingStore()).all()).rejects.toEqual(failure('local', /changed while/));
  });

  it('is stored with a warning when it changed and that is allowed', async () => {
    const selected = await file('a', 'a'.repeat(READ_HERE_BYTES));
    await using _watch = await watchReads(() => utimes(selected.absolutePath, 0, 0));
    const { context, all } = upload([selected], new RecordingStore(), { failOnChange: false });
    expect(await all()).toMatchObject([{ path: 'a', size: READ_HERE_BYTES, mtime: MTIME }]);
    expect(context.warnings).toEqual([
      { kind: 'file-changed', message: expect.stringContaining('changed while it was read'), subject: 'a' },
    ]);
  });

  itOnPosix.each([true, false])('is an error when the system refuses it, whatever is allowed (%s)', async (fails) => {
    const selected = { ...(await file('a', 'a')), absolutePath: workspace.at('x'.repeat(300)) };
    await expect(upload([selected], new RecordingStore(), { failOnChange: fails }).all()).rejects.toEqual(
      failure('local', /cannot be read/, { code: 'ENAMETOOLONG' }),
    );
  });
});

it('comes to its end where whoever takes the entries stops, with files of a frame that is not full', async () => {
  const link = { path: 'a', absolutePath: '', type: 'symlink', target: 'b', mtimeNs: MTIME_NS } as const;
  const small = await Promise.all(['b', 'c', 'd', 'e'].map((name) => file(name, name)));
  const { packer, stored } = beginPacking([link, ...small], contextFor(new RecordingStore()));
  const taken: unknown[] = [];
  for await (const { entry } of stored) {
    taken.push(entry?.path);
    break;
  }
  expect(taken).toEqual(['a']);
  await packer.abandon();
});
