import { hash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { BackupError } from '../../src/errors.ts';
import type { ObjectInfo } from '../../src/store/object-store.ts';
import { EarlierAttempts } from '../../src/transfer/earlier-attempts.ts';
import { openUpload } from '../../src/transfer/open-upload.ts';
import { ID, KEYS } from '../series/series-fixture.ts';
import { contextFor, PART, RecordingStore, sha256Of, Workspace } from './transfer-fixture.ts';

const BYTES = Buffer.from('content');
const FIRST = KEYS.file(ID, 'a');
const SECOND = KEYS.file(ID, 'a', 2);

let workspace: Workspace;
beforeEach(async () => {
  workspace = await Workspace.create();
});
afterEach(() => workspace[Symbol.asyncDispose]());

async function read(store: RecordingStore, context = contextFor(store)) {
  const { log } = context;
  return EarlierAttempts.read(store, { keys: KEYS, id: ID, directory: workspace.directory, log });
}

const measured = (bytes: Buffer) => ({
  bytes: bytes.byteLength,
  sha256: sha256Of(bytes),
  receipt: () => ({ md5: hash('md5', bytes) }),
});

describe('EarlierAttempts', () => {
  it('finds an object by its name, size and ETag, and sends no request for it', async () => {
    const store = new RecordingStore();
    await store.put(FIRST, BYTES);
    const earlier = await read(store);
    store.head = () => Promise.reject(new Error('asked'));
    expect(await earlier.find(SECOND, measured(BYTES))).toEqual({
      key: FIRST,
      receipt: { md5: hash('md5', BYTES) },
    });
    expect(await earlier.find(KEYS.file(ID, 'b', 2), measured(BYTES))).toBeUndefined();
    expect(await earlier.find(SECOND, measured(Buffer.from('other size')))).toBeUndefined();
    expect(earlier.reusedBytes).toBe(BYTES.byteLength);
    await earlier.close();
  });

  it.each([
    ['the same SHA-256', { sha256: sha256Of(BYTES) }, FIRST],
    ['another SHA-256', { sha256: '0'.repeat(64) }, undefined],
    ['nothing that tells', {}, undefined],
  ])('asks where the ETag says nothing, and believes %s', async (_what, info, expected) => {
    const store = new RecordingStore();
    await store.put(FIRST, Buffer.from('CONTENT'));
    const earlier = await read(store);
    store.head = async () => ({ size: 7, lastModified: new Date(), etag: '"opaque"', ...info }) satisfies ObjectInfo;
    expect((await earlier.find(SECOND, measured(BYTES)))?.key).toBe(expected);
    await earlier.close();
  });

  it('hands an upload to one caller, and ends those nobody wanted', async () => {
    const store = new RecordingStore();
    const plan = { partSize: PART };
    const left = await store.openUpload(FIRST, plan);
    await left.putPart({ number: 1, bytes: BYTES, crc32: crc32(BYTES) });
    await store.openUpload(KEYS.file(ID, 'b'), plan);
    const earlier = await read(store);
    const context = contextFor(store, { earlier });
    const { upload, key } = await openUpload(SECOND, plan, context);
    expect([key, upload.uploadId]).toEqual([FIRST, left.uploadId]);
    expect((await openUpload(SECOND, plan, context)).key).toBe(SECOND);
    await upload.putPart({ number: 1, bytes: BYTES, crc32: crc32(BYTES) });
    expect(earlier.keptBytes).toBe(BYTES.byteLength);
    await earlier.abortRest();
    const open = await Array.fromAsync(store.listUploads(''), (listed) => listed.key);
    expect(open).toEqual([FIRST, SECOND]);
    await earlier.close();
  });

  it('makes do with objects where it may not see uploads, and says so once', async () => {
    const store = new RecordingStore();
    await store.put(FIRST, BYTES);
    const denied = new BackupError('denied', { class: 'permanent', code: 'AccessDenied' });
    Object.assign(store, {
      listUploads: () => {
        throw denied;
      },
    });
    const context = contextFor(store);
    const earlier = await read(store, context);
    expect(await earlier.find(SECOND, measured(BYTES))).toBeDefined();
    expect(context.warnings.map(({ kind }) => kind)).toEqual(['parts-not-reused']);
    await earlier.close();
  });
});
