import { crc32 } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { EarlierAttempts } from '../../src/transfer/earlier-attempts.ts';
import { openUpload } from '../../src/transfer/open-upload.ts';
import { ID, KEYS } from '../series/series-fixture.ts';
import { bytesFor, contextFor, PART, RecordingStore, Workspace } from './transfer-fixture.ts';

const FIRST = KEYS.file(ID, 'a');
const SECOND = KEYS.file(ID, 'a', 2);
const PLAN = { partSize: PART };
const PARTS = [bytesFor(PART), Buffer.from('the rest')].map((bytes, index) => ({
  number: index + 1,
  bytes,
  crc32: crc32(bytes),
}));
const WHOLE = { size: PART + 8, crc32: crc32(Buffer.concat(PARTS.map(({ bytes }) => bytes))) };

let workspace: Workspace;
beforeEach(async () => {
  workspace = await Workspace.create();
});
afterEach(() => workspace[Symbol.asyncDispose]());

async function contextAfter(store: RecordingStore) {
  const context = contextFor(store);
  const { log } = context;
  const earlier = await EarlierAttempts.read(store, { keys: KEYS, id: ID, directory: workspace.directory, log });
  return { context: contextFor(store, { earlier }), earlier };
}

describe('openUpload', () => {
  it.each(['without an earlier attempt', 'where the earlier attempt has left none'])('opens one %s', async (which) => {
    const store = new RecordingStore();
    const { context, earlier } = await contextAfter(store);
    const { upload, key } = await openUpload(SECOND, PLAN, which.startsWith('without') ? contextFor(store) : context);
    for (const part of PARTS) await upload.putPart(part);
    await upload.complete(WHOLE);
    expect(key).toBe(SECOND);
    expect(store.summary).toEqual(['open', 'part 1', 'part 2', 'complete']);
    expect(earlier.keptBytes).toBe(0);
    await earlier.close();
  });

  it('goes on with the one that was left: parts that are there are counted, and the object is under its key', async () => {
    const store = new RecordingStore();
    const left = await store.openUpload(FIRST, PLAN);
    for (const part of PARTS.slice(0, 1)) await left.putPart(part);
    const { context, earlier } = await contextAfter(store);
    const { upload, key } = await openUpload(SECOND, PLAN, context);
    for (const part of PARTS) await upload.putPart(part);
    await upload.complete(WHOLE);
    expect([key, upload.uploadId, earlier.keptBytes]).toEqual([FIRST, left.uploadId, PART]);
    expect((await store.head(FIRST)).size).toBe(WHOLE.size);
    expect(await store.openUploads()).toBe(0);
    await earlier.close();
  });
});
