import { describe, expect, it } from '@jest/globals';
import { BackupError } from '../../../src/errors.ts';
import { objectKey } from '../../../src/store/object-key.ts';
import { BUCKET, openBench } from './bench.ts';

const KEY = objectKey('index');
/** Of the stream's parts: two of them are on their way together, the last is shorter. */
const PART_BYTES = 8 * 1024 * 1024;
const SIZE_BYTES = 2 * PART_BYTES + 5;

async function* content(failure?: Error) {
  for (let sent = 0; sent < SIZE_BYTES; sent += 1024 * 1024) {
    yield Buffer.alloc(Math.min(1024 * 1024, SIZE_BYTES - sent), 'x');
  }
  if (failure !== undefined) throw failure;
}

describe('uploadStream', () => {
  it('stores in parts what is longer than one', async () => {
    await using bench = await openBench();
    await bench.store.putStream(KEY, content());
    const stored = await bench.server.admin.getObject(BUCKET, KEY);
    expect(stored?.equals(Buffer.alloc(SIZE_BYTES, 'x'))).toBe(true);
    expect(bench.server.admin.listUploads(BUCKET)).toEqual([]);
  });

  it('leaves no upload open when it is cancelled, whatever the parts in flight do', async () => {
    const controller = new AbortController();
    const reason = new Error('stop');
    await using bench = await openBench({ signal: controller.signal });
    const { server, store } = bench;
    const gate = server.faults.gate({ operation: 'UploadPart', request: 2 });
    const storing = store.putStream(KEY, content());
    await Promise.race([gate.arrived(), storing]);
    expect(server.admin.listUploads(BUCKET)).toHaveLength(1);
    controller.abort(reason);
    await expect(storing).rejects.toBe(reason);
    expect(server.admin.listUploads(BUCKET)).toEqual([]);
    expect(server.admin.listObjects(BUCKET)).toEqual([]);
    gate.release();
  });

  it('leaves no upload open when the body fails, and throws what it threw', async () => {
    await using bench = await openBench();
    const failure = new BackupError('The disk is gone.', { class: 'local' });
    await expect(bench.store.putStream(KEY, content(failure))).rejects.toBe(failure);
    expect(bench.server.admin.listUploads(BUCKET)).toEqual([]);
  });

  it('gives up on parts when renewed credentials are refused as expired too', async () => {
    await using bench = await openBench();
    const action = { type: 'error', status: 400, code: 'ExpiredToken' } as const;
    bench.server.faults.add({ match: { operation: 'UploadPart' }, action, times: Number.POSITIVE_INFINITY });
    await expect(bench.store.putStream(KEY, content())).rejects.toMatchObject({ class: 'expired' });
    const { UploadPart = 0 } = bench.server.requests.counts();
    // Two parts are on their way together, each of them with its own and two renewed sessions.
    expect(UploadPart).toBeGreaterThanOrEqual(3);
    expect(UploadPart).toBeLessThanOrEqual(6);
  });

  it('tells the first failure where the upload cannot be aborted either', async () => {
    const controller = new AbortController();
    const reason = new Error('stop');
    await using bench = await openBench({ signal: controller.signal });
    const { server, store } = bench;
    server.faults.add({
      match: { operation: 'AbortMultipartUpload' },
      action: { type: 'error', status: 403, code: 'AccessDenied' },
      times: Number.POSITIVE_INFINITY,
    });
    const gate = server.faults.gate({ operation: 'UploadPart', request: 2 });
    const storing = store.putStream(KEY, content());
    await Promise.race([gate.arrived(), storing]);
    controller.abort(reason);
    await expect(storing).rejects.toBe(reason);
    expect(server.faults.report()).toContainEqual(expect.objectContaining({ name: 'error', fired: 1 }));
    gate.release();
  });
});
