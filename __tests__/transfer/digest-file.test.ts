import { appendFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { digestFile } from '../../src/transfer/digest-file.ts';
import { failure } from '../series/series-fixture.ts';
import { bytesFor, contextFor, MIB, RecordingStore, sha256Of, Workspace, watchReads } from './transfer-fixture.ts';

let workspace: Workspace;
beforeEach(async () => {
  workspace = await Workspace.create();
});
afterEach(() => workspace[Symbol.asyncDispose]());

const context = (failOnChange = true) => contextFor(new RecordingStore(), { failOnChange });

describe('digestFile', () => {
  it('reads a file once, a mebibyte at a time', async () => {
    const content = bytesFor(2.5 * MIB);
    const path = await workspace.write('a', content);
    await using watch = await watchReads();
    const read = await digestFile(path, context());
    expect(read).toMatchObject({ size: content.byteLength, sha256: sha256Of(content), changed: false });
    expect(watch.reads).toEqual([
      { position: 0, bytes: MIB },
      { position: MIB, bytes: MIB },
      { position: 2 * MIB, bytes: MIB / 2 },
    ]);
  });

  it('knows an empty file, and says so of one that is gone', async () => {
    const empty = await workspace.write('empty', '');
    expect(await digestFile(empty, context())).toMatchObject({ size: 0, sha256: sha256Of(Buffer.alloc(0)) });
    await expect(digestFile(workspace.at('gone'), context())).rejects.toEqual(
      failure('local', /vanished/, { code: 'VANISHED' }),
    );
  });

  it('fails for a file that changes meanwhile, or tells of it', async () => {
    const path = await workspace.write('a', bytesFor(2 * MIB));
    await using _ = await watchReads(() => appendFile(path, 'more'));
    await expect(digestFile(path, context())).rejects.toEqual(failure('local', /changed/, { code: 'CHANGED' }));
    expect(await digestFile(path, context(false))).toMatchObject({ changed: true });
  });

  it('stops where the step is cancelled', async () => {
    const path = await workspace.write('a', 'content');
    const signal = AbortSignal.abort(new Error('cancelled'));
    await expect(digestFile(path, contextFor(new RecordingStore(), { signal }))).rejects.toThrow('cancelled');
  });
});
