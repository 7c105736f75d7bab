import { appendFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { compressFile } from '../../src/transfer/compress-file.ts';
import { Lanes } from '../../src/transfer/lanes.ts';
import { failure, ID, KEYS, stored } from '../series/series-fixture.ts';
import { decode } from './packs-fixture.ts';
import {
  bytesFor,
  contextFor,
  MIB,
  RecordingStore,
  receiptFor,
  sha256Of,
  Workspace,
  watchReads,
} from './transfer-fixture.ts';

let workspace: Workspace;
beforeEach(async () => {
  workspace = await Workspace.create();
});
afterEach(() => workspace[Symbol.asyncDispose]());

const key = KEYS.file(ID, 'a.zst');
const target = { key, attributes: { contentType: 'application/zstd' } };

describe('compressFile', () => {
  it('stores frames that decode to the file, and tells of both forms', async () => {
    const store = new RecordingStore();
    const content = bytesFor(2.5 * MIB);
    const context = contextFor(store);
    const done = await compressFile(await workspace.write('a', content), target, 3, context);
    const object = await stored(store, key);
    expect(decode(object).equals(content)).toBe(true);
    expect(done).toMatchObject({
      read: { size: content.byteLength, sha256: sha256Of(content), changed: false },
      stored: { encoding: 'zstd', bytes: object.byteLength, sha256: sha256Of(object) },
      receipt: receiptFor(object),
    });
    expect(context.sent).toEqual([object.byteLength]);
  });

  it('leaves nothing in the store where the file changes meanwhile', async () => {
    const store = new RecordingStore();
    const path = await workspace.write('a', bytesFor(2 * MIB));
    await using _ = await watchReads(() => appendFile(path, 'more'));
    await expect(compressFile(path, target, 3, contextFor(store))).rejects.toEqual(failure('local', /changed/));
    expect([store.summary, await store.openUploads()]).toEqual([[], 0]);
    const done = await compressFile(path, target, 3, contextFor(store, { failOnChange: false }));
    expect(done.read).toMatchObject({ changed: true });
  });

  it('refuses a file whose parts do not fit into the memory, before it is read', async () => {
    const store = new RecordingStore();
    const path = await workspace.write('a', bytesFor(MIB));
    const lanes = new Lanes(2, MIB, MIB - 1);
    await using watch = await watchReads();
    await expect(compressFile(path, target, 3, contextFor(store, { lanes, partSize: MIB }))).rejects.toEqual(
      failure('local', /a" of 1048576 bytes has to go in parts of 1048576 bytes.*`max-memory`/, { key: path }),
    );
    expect([store.events, watch.reads]).toEqual([[], []]);
  });
});
