import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { BackupError } from '../../src/errors.ts';
import { Lanes } from '../../src/transfer/lanes.ts';
import { LargeContents } from '../../src/transfer/large-contents.ts';
import { LooseFiles } from '../../src/transfer/loose-files.ts';
import type { UploadContext } from '../../src/transfer/upload-file.ts';
import { failure, ID, KEYS, stored } from '../series/series-fixture.ts';
import { decode } from './packs-fixture.ts';
import { contextFor, MIB, RecordingStore, receiptFor, sha256Of, Workspace, watchReads } from './transfer-fixture.ts';

/** S3's smallest, so that what compresses to more goes in parts. */
const PART = 5 * MIB;

let workspace: Workspace;
beforeEach(async () => {
  workspace = await Workspace.create();
});
afterEach(() => workspace[Symbol.asyncDispose]());

const file = (path: string, content: Buffer) => workspace.file(path, content);

function uploadTo(store: RecordingStore, loose: LooseFiles, fields: Partial<UploadContext> = {}) {
  const context = contextFor(store, { lanes: new Lanes(4, PART, 64 * MIB), partSize: PART, ...fields });
  return {
    keys: KEYS,
    id: ID,
    attributes: { tags: { version: ID } },
    changeDetection: 'content' as const,
    context,
    loose,
  };
}

function compressing(): LooseFiles {
  return new LooseFiles({ level: 3, compressedAtOnce: 1, contents: new LargeContents() });
}

const text = (mebibytes: number) => Buffer.alloc(mebibytes * MIB + 5, 'a line of text that repeats\n');
/** Shrinks to nearly a half, frame by frame. */
const halfNoise = (mebibytes: number) =>
  Buffer.concat(Array.from({ length: mebibytes * 4 }, () => [randomBytes(MIB / 8), Buffer.alloc(MIB / 8)]).flat());

describe('LooseFiles', () => {
  it('stores a large file that compresses well as frames that decode to it', async () => {
    const store = new RecordingStore();
    const content = text(3);
    const loose = compressing();
    const done = await loose.store(await file('log.txt', content), undefined, uploadTo(store, loose));
    const key = KEYS.file(ID, 'log.txt.zst');
    const object = await stored(store, key);
    expect(done).toMatchObject({
      read: { size: content.byteLength, sha256: sha256Of(content), changed: false },
      location: {
        key: `data/${ID}/files/log.txt.zst`,
        stored: { encoding: 'zstd', bytes: object.byteLength, sha256: sha256Of(object) },
      },
    });
    expect(decode(object).equals(content)).toBe(true);
    expect(store.events).toMatchObject([
      { what: 'put', options: { contentType: 'application/zstd', tags: { version: ID }, sha256: sha256Of(object) } },
    ]);
  });

  it('sends what is more than a part in parts, and a part that failed again from memory', async () => {
    let failed = false;
    const store = new RecordingStore({
      part: ({ number }, attempt) => {
        if (number !== 2 || attempt > 1) return;
        failed = true;
        throw new BackupError('broken pipe', { class: 'transient' });
      },
    });
    const content = halfNoise(14);
    const loose = compressing();
    const selected = await file('db', content);
    await using watched = await watchReads();
    const { location } = await loose.store(selected, undefined, uploadTo(store, loose));
    expect(failed).toBe(true);
    expect(watched.reads.filter(({ bytes }) => bytes === MIB)).toHaveLength(14);
    expect(store.summary.filter((what) => what.startsWith('part')).sort()).toEqual(['part 1', 'part 2', 'part 2']);
    const object = await stored(store, KEYS.file(ID, 'db.zst'));
    expect(location.stored).toMatchObject({ bytes: object.byteLength, sha256: sha256Of(object) });
    expect(decode(object).equals(content)).toBe(true);
  });

  it.each([
    ['is small', 'small', text(0)],
    ['does not compress', 'noise', randomBytes(2 * MIB)],
  ])('stores a file that %s as it is', async (_, name, content) => {
    const store = new RecordingStore();
    const loose = compressing();
    const { location } = await loose.store(await file(name, content), undefined, uploadTo(store, loose));
    expect(location).toEqual({ key: `data/${ID}/files/${name}`, receipt: receiptFor(content) });
    expect((await stored(store, KEYS.file(ID, name))).equals(content)).toBe(true);
  });

  it('compresses nothing where that is off', async () => {
    const store = new RecordingStore();
    const loose = new LooseFiles({ level: 3, compressedAtOnce: 0, contents: new LargeContents() });
    const { location } = await loose.store(await file('log.txt', text(2)), undefined, uploadTo(store, loose));
    expect(location).toEqual({ key: `data/${ID}/files/log.txt`, receipt: receiptFor(text(2)) });
  });

  it('never gives two files one key: a file beside one that has the name already stays as it is', async () => {
    const store = new RecordingStore();
    const loose = compressing();
    const upload = uploadTo(store, loose);
    const both = [await file('a', text(2)), await file('a.zst', text(1))];
    const locations = await Promise.all(both.map((one) => loose.store(one, undefined, upload)));
    expect(locations.map(({ location }) => location.key)).toEqual([`data/${ID}/files/a`, `data/${ID}/files/a.zst.zst`]);
  });

  it('stores equal large files once, where they may share, and reads no other twice', async () => {
    const store = new RecordingStore();
    const loose = compressing();
    const upload = uploadTo(store, loose);
    const noise = randomBytes(2 * MIB);
    const other = Buffer.from(noise);
    other.writeUInt8(noise.readUInt8(MIB - 1) ^ 1, MIB - 1);
    const all = [await file('a', noise), await file('b', other), await file('c', noise), await file('d', text(2))];
    const [a, b, c, d] = await Promise.all(all.map((one) => loose.store(one, undefined, upload)));
    expect(c?.location).toEqual(a?.location);
    expect(b?.location).toEqual({ key: `data/${ID}/files/b`, receipt: receiptFor(other) });
    expect(b?.read.sha256).toBe(sha256Of(other));
    expect(d?.location).toEqual({
      key: `data/${ID}/files/d.zst`,
      stored: { encoding: 'zstd', bytes: expect.any(Number), sha256: expect.any(String) },
      receipt: receiptFor(await stored(store, KEYS.file(ID, 'd.zst'))),
    });
  });

  it('leaves nothing behind where a file changes while it is compressed', async () => {
    const store = new RecordingStore();
    const loose = compressing();
    const selected = await file('growing', halfNoise(14));
    await using _ = await watchReads(async ({ position }) => {
      if (position === 13 * MIB) await workspace.write('growing', 'other');
    });
    await expect(loose.store(selected, undefined, uploadTo(store, loose))).rejects.toMatchObject(
      failure('local', /changed while/),
    );
    expect(store.summary).toContain('abort');
    expect(await store.openUploads()).toBe(0);
  });
});
