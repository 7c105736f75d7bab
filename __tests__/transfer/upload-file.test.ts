import { appendFile, readdir, readlink, rename, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { BackupError } from '../../src/errors.ts';
import { CHANGED, READ_HERE_BYTES, VANISHED } from '../../src/source-file.ts';
import { objectKey } from '../../src/store/object-key.ts';
import { Lanes } from '../../src/transfer/lanes.ts';
import { type UploadContext, type UploadedFile, uploadFile } from '../../src/transfer/upload-file.ts';
import { failure, keysIn, stored } from '../series/series-fixture.ts';
import {
  bytesFor,
  contextFor,
  type Hooks,
  PART,
  RecordingStore,
  receiptFor,
  sha256Of,
  Workspace,
  watchReads,
} from './transfer-fixture.ts';

const KEY = objectKey('data/a');
/** Read by a handle, whose reads a test can watch; what is smaller is a matter of `source-file.test.ts`. */
const SMALL = READ_HERE_BYTES + 10;
const ATTRIBUTES = { contentType: 'text/plain', tags: { version: 'x' }, storageClass: 'STANDARD_IA' };
const TARGET = { key: KEY, relative: (key: string) => key.slice(8), attributes: ATTRIBUTES };

const itOnPosix = process.platform === 'win32' ? it.skip : it;

let workspace: Workspace;

beforeEach(async () => {
  workspace = await Workspace.create();
});

afterEach(() => workspace[Symbol.asyncDispose]());

interface Uploading {
  readonly store: RecordingStore;
  readonly context: ReturnType<typeof contextFor>;
  readonly done: Promise<UploadedFile>;
}

/** @param listed the size of the file when it was selected */
function upload(listed: number, hooks: Hooks = {}, fields: Partial<UploadContext> = {}): Uploading {
  const store = new RecordingStore(hooks);
  const context = contextFor(store, fields);
  const done = uploadFile({ absolutePath: workspace.at('a'), size: listed }, TARGET, context);
  done.catch(() => {});
  return { store, context, done };
}

const changed = failure('local', /changed while it was read/, { code: CHANGED });
const denied = () => new BackupError('denied', { class: 'permanent', code: 'AccessDenied' });
const UNREAD = {
  mode: expect.any(Number),
  mtimeNs: 1_600_000_000_000_000_000n,
  location: { key: KEY.slice(8) },
};

describe('a file up to the part size', () => {
  it.each([0, 1, 1000, PART - 1, PART])('of %d bytes goes in one request with its digest', async (size) => {
    const bytes = bytesFor(size);
    await workspace.write('a', bytes);
    const { store, context, done } = upload(size);
    const receipt = receiptFor(bytes);
    expect(await done).toEqual({
      size,
      sha256: sha256Of(bytes),
      changed: false,
      ...UNREAD,
      location: { key: expect.any(String), receipt },
    });
    expect(store.events).toEqual([
      { what: 'put', key: KEY, bytes: size, options: { ...ATTRIBUTES, sha256: sha256Of(bytes) } },
    ]);
    expect((await stored(store, KEY)).equals(bytes)).toBe(true);
    expect(context.sent).toEqual([size]);
  });

  it('is read once', async () => {
    await workspace.write('a', bytesFor(SMALL));
    await using watch = await watchReads();
    await upload(SMALL).done;
    expect(watch.reads.filter(({ bytes }) => bytes > 0)).toEqual([{ position: 0, bytes: SMALL }]);
  });

  it.each([
    ['fewer', 5],
    ['more', 2000],
    ['as many as fit one request', PART],
  ])('is stored as it is when it has %s bytes than were listed', async (_what, size) => {
    const bytes = bytesFor(size);
    await workspace.write('a', bytes);
    const { store, done } = upload(1000);
    expect(await done).toMatchObject({ size, sha256: sha256Of(bytes), changed: false });
    expect(store.summary).toEqual(['put']);
  });

  it('that has grown beyond the part size since goes in parts', async () => {
    const bytes = bytesFor(PART + 1);
    await workspace.write('a', bytes);
    const { store, done } = upload(5);
    expect(await done).toMatchObject({ size: PART + 1, sha256: sha256Of(bytes), changed: false });
    expect(store.summary).toEqual(['open', 'part 1', 'part 2', 'complete']);
  });

  it('fails as the store does, and counts no bytes', async () => {
    await workspace.write('a', 'abc');
    const { store, context, done } = upload(3, {
      put: () => {
        throw denied();
      },
    });
    await expect(done).rejects.toEqual(failure('permanent', 'denied'));
    expect(store.summary).toEqual(['put']);
    expect(context.sent).toEqual([]);
  });
});

describe('a file above the part size', () => {
  const bytes = bytesFor(2 * PART + 3);

  beforeEach(() => workspace.write('a', bytes));

  it('goes in parts, with a checksum of the whole', async () => {
    const { store, context, done } = upload(bytes.length);
    const receipt = { ...receiptFor(bytes), crc32: crc32(bytes).toString(16).padStart(8, '0') };
    expect(await done).toEqual({
      size: bytes.length,
      sha256: sha256Of(bytes),
      changed: false,
      ...UNREAD,
      location: { key: expect.any(String), receipt },
    });
    expect(store.events[0]).toEqual({
      what: 'open',
      key: KEY,
      plan: { ...ATTRIBUTES, size: bytes.length, partSize: PART },
    });
    expect(store.events.at(-1)).toEqual({ what: 'complete', size: bytes.length, crc32: crc32(bytes) });
    expect((await stored(store, KEY)).equals(bytes)).toBe(true);
    expect(store.attributes(KEY)).toEqual(ATTRIBUTES);
    expect(context.sent.toSorted((a, b) => a - b)).toEqual([3, PART, PART]);
  });

  it('that has shrunk since goes in parts all the same', async () => {
    await workspace.write('a', 'abc');
    const { store, done } = upload(bytes.length);
    expect(await done).toMatchObject({ size: 3, sha256: sha256Of(Buffer.from('abc')), changed: false });
    expect(store.summary).toEqual(['open', 'part 1', 'complete']);
  });

  it.each<[string, Hooks, string[]]>([
    ['a part', { part: () => Promise.reject(denied()) }, ['open', 'abort']],
    ['the completion', { complete: () => Promise.reject(denied()) }, ['open', 'complete', 'abort']],
  ])('is aborted when %s fails', async (_what, hooks, events) => {
    const { store, context, done } = upload(bytes.length, hooks);
    await expect(done).rejects.toEqual(failure('permanent', 'denied'));
    expect(store.summary.filter((event) => !event.startsWith('part'))).toEqual(events);
    expect(await store.openUploads()).toBe(0);
    expect(await keysIn(store)).toEqual([]);
    expect(context.warnings).toEqual([]);
  });

  it('needs no abort when it could not be opened', async () => {
    const { store, done } = upload(bytes.length, { open: () => Promise.reject(denied()) });
    await expect(done).rejects.toEqual(failure('permanent', 'denied'));
    expect(store.summary).toEqual(['open']);
  });

  it('fails with the first failure when the abort fails too, and says that parts are left', async () => {
    const { store, context, done } = upload(bytes.length, {
      part: () => Promise.reject(denied()),
      abort: () => Promise.reject(new Error('no s3:AbortMultipartUpload')),
    });
    await expect(done).rejects.toEqual(failure('permanent', 'denied'));
    expect(await store.openUploads()).toBe(1);
    expect(context.warnings).toEqual([
      {
        kind: 'upload-not-aborted',
        message: expect.stringContaining('billed'),
        reason: `${KEY}: no s3:AbortMultipartUpload`,
      },
    ]);
  });
});

describe('a file that changes while it is read', () => {
  /** Acts after the first read of the file, once. */
  async function changing(change: (path: string) => Promise<unknown>) {
    let pending = true;
    return watchReads(async () => {
      if (!pending) return;
      pending = false;
      await change(workspace.at('a'));
    });
  }

  const CHANGES: [string, number, (path: string) => Promise<unknown>, number][] = [
    ['a small one grows', SMALL, (path) => appendFile(path, 'more'), SMALL],
    ['a small one is written anew', SMALL, (path) => writeFile(path, bytesFor(SMALL)), SMALL],
    ['a small one is emptied', SMALL, (path) => truncate(path, 0), SMALL],
    ['a large one grows', 3 * PART, (path) => appendFile(path, 'more'), 3 * PART],
    ['a large one is cut off', 3 * PART, (path) => truncate(path, 2 * PART + 7), 2 * PART + 7],
    ['a large one is emptied', 3 * PART, (path) => truncate(path, 0), PART],
  ];

  it.each(CHANGES)('is an error: %s', async (_what, size, change) => {
    await workspace.write('a', bytesFor(size));
    await using _watch = await changing(change);
    const { store, done } = upload(size);
    await expect(done).rejects.toEqual(changed);
    expect(await keysIn(store)).toEqual([]);
    expect(await store.openUploads()).toBe(0);
    expect(store.summary.includes('complete')).toBe(false);
  });

  it.each(CHANGES)('is stored as it was read where that is allowed: %s', async (_what, size, change, stays) => {
    const bytes = bytesFor(size);
    await workspace.write('a', bytes);
    await using _watch = await changing(change);
    const { store, done } = upload(size, {}, { failOnChange: false });
    const expected = bytes.subarray(0, stays);
    expect(await done).toMatchObject({ size: stays, sha256: sha256Of(expected), changed: true });
    expect((await stored(store, KEY)).equals(expected)).toBe(true);
  });
});

describe('a file that cannot be read', () => {
  const vanished = failure('local', /vanished before it was read/, { code: VANISHED });

  it.each([
    ['small', 5],
    ['large', 2 * PART],
  ])('because it is gone is an error, for a %s one', async (_what, size) => {
    for (const failOnChange of [true, false]) {
      const { store, done } = upload(size, {}, { failOnChange });
      await expect(done).rejects.toEqual(vanished);
      expect(store.events).toEqual([]);
    }
  });

  itOnPosix('because a link took its place is an error, and nothing behind the link is read', async () => {
    await workspace.write('secret', 'password');
    await symlink(workspace.at('secret'), workspace.at('a'));
    await using watch = await watchReads();
    const { store, done } = upload(8);
    await expect(done).rejects.toEqual(vanished);
    expect([store.events, watch.reads]).toEqual([[], []]);
  });

  itOnPosix('by its name any more is read to its end', async () => {
    const bytes = bytesFor(3 * PART);
    const path = await workspace.write('a', bytes);
    const { store, done } = upload(
      bytes.length,
      { open: () => rename(path, workspace.at('b')).then(() => rm(workspace.at('b'))) },
      { failOnChange: false },
    );
    expect(await done).toMatchObject({ sha256: sha256Of(bytes) });
    expect((await stored(store, KEY)).equals(bytes)).toBe(true);
  });
});

it('refuses a file whose parts do not fit into the memory, before anything is sent', async () => {
  await workspace.write('a', bytesFor(3 * PART));
  const { store, done } = upload(3 * PART, {}, { lanes: new Lanes(2, PART, PART - 1) });
  await expect(done).rejects.toMatchObject({ class: 'local', message: expect.stringContaining('`max-memory`') });
  expect(store.events).toEqual([]);
});

describe('a cancellation', () => {
  const reason = new Error('cancelled');

  it.each([
    ['small', SMALL],
    ['large', 2 * PART],
  ])('before it begins keeps a %s file from being read', async (_what, size) => {
    await workspace.write('a', bytesFor(size));
    await using watch = await watchReads();
    const { store, done } = upload(size, {}, { signal: AbortSignal.abort(reason) });
    await expect(done).rejects.toBe(reason);
    expect([store.events, watch.reads]).toEqual([[], []]);
  });

  it('in the middle of a large file aborts its upload', async () => {
    await workspace.write('a', bytesFor(20 * PART));
    const controller = new AbortController();
    const { store, done } = upload(
      20 * PART,
      { part: ({ number }) => (number === 3 ? controller.abort(reason) : undefined) },
      { signal: controller.signal, lanes: new Lanes(2, PART) },
    );
    await expect(done).rejects.toBe(reason);
    expect(store.summary.at(-1)).toBe('abort');
    expect(store.summary.length).toBeLessThan(10);
    expect(await store.openUploads()).toBe(0);
  });
});

(process.platform === 'linux' ? describe : describe.skip)('a file that was opened', () => {
  /** The files of the workspace that this process has open. */
  async function openFiles(): Promise<string[]> {
    const descriptors = await readdir('/proc/self/fd');
    const targets = await Promise.all(descriptors.map((fd) => readlink(`/proc/self/fd/${fd}`).catch(() => '')));
    return targets.filter((target) => target.startsWith(workspace.directory));
  }

  it.each([
    [5, []],
    [SMALL, []],
    [2 * PART, ['a']],
  ])('is closed once it is read, and when that fails (%d bytes)', async (size, whileStored) => {
    await workspace.write('a', bytesFor(size));
    const open: string[][] = [];
    const look = async () => void open.push(await openFiles());
    await upload(size, { put: look, complete: look }).done;
    const refuse = () => Promise.reject(denied());
    await expect(upload(size, { put: refuse, part: refuse }).done).rejects.toThrow('denied');
    expect([open, await openFiles()]).toEqual([[whileStored.map((name) => workspace.at(name))], []]);
  });
});
