import { expect, it } from '@jest/globals';
import { abandonUpload } from '../../src/transfer/abandon-upload.ts';
import { ID, KEYS } from '../series/series-fixture.ts';
import { contextFor, RecordingStore } from './transfer-fixture.ts';

const key = KEYS.file(ID, 'a');

it('aborts an upload, and only warns where that fails', async () => {
  let fails = true;
  const store = new RecordingStore({
    abort: () => {
      if (fails) throw new Error('no answer');
    },
  });
  const { log, warnings } = contextFor(store);
  const upload = await store.openUpload(key, { partSize: 5 * 2 ** 20 });
  await abandonUpload(upload, key, log);
  expect(warnings).toEqual([expect.objectContaining({ kind: 'upload-not-aborted', reason: `${key}: no answer` })]);
  expect(await store.openUploads()).toBe(1);
  fails = false;
  await abandonUpload(upload, key, log);
  expect([warnings.length, await store.openUploads()]).toEqual([1, 0]);
});
