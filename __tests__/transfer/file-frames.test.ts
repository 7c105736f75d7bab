import { truncate } from 'node:fs/promises';
import { setImmediate } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { SourceFile } from '../../src/source-file.ts';
import { type FileDigest, FRAME_BYTES, type FrameOptions, fileFrames } from '../../src/transfer/file-frames.ts';
import { decode } from './packs-fixture.ts';
import { bytesFor, MIB, sha256Of, Workspace, watchReads } from './transfer-fixture.ts';

let workspace: Workspace;
beforeEach(async () => {
  workspace = await Workspace.create();
});
afterEach(() => workspace[Symbol.asyncDispose]());

interface Options extends Partial<FrameOptions> {
  /** Bytes that are left when it is read. */
  readonly shrinksTo?: number;
}

async function framesOf(content: Buffer, { shrinksTo, ...options }: Options = {}) {
  const path = await workspace.write('a', content);
  const file = await SourceFile.open(path);
  if (shrinksTo !== undefined) await truncate(path, shrinksTo);
  const digest: FileDigest = { size: 0, sha256: '', read: 0 };
  try {
    const all = { level: 1, signal: new AbortController().signal, ...options };
    return { frames: await Array.fromAsync(fileFrames(file, digest, all)), digest };
  } finally {
    await file.close();
  }
}

describe('fileFrames', () => {
  it('reads a file once and makes frames of a mebibyte, which decode to it one by one', async () => {
    const content = bytesFor(2.5 * MIB);
    await using watch = await watchReads();
    const { frames, digest } = await framesOf(content);
    expect(frames.map(({ content: bytes }) => bytes)).toEqual([FRAME_BYTES, FRAME_BYTES, FRAME_BYTES / 2]);
    expect(Buffer.concat(frames.map(({ bytes }) => decode(bytes))).equals(content)).toBe(true);
    expect(digest).toEqual({ size: content.byteLength, sha256: sha256Of(content), read: content.byteLength });
    expect(watch.reads.reduce((sum, { bytes }) => sum + bytes, 0)).toBe(content.byteLength);
  });

  it('puts what stands before and after a file into its first and last frame, and not into its digest', async () => {
    const [head, tail] = [Buffer.from('head'), Buffer.from('tail')];
    for (const content of [bytesFor(FRAME_BYTES), bytesFor(FRAME_BYTES + 1), Buffer.from('x'), Buffer.alloc(0)]) {
      const { frames, digest } = await framesOf(content, { head, tail });
      expect(frames).toHaveLength(Math.max(1, Math.ceil(content.byteLength / FRAME_BYTES)));
      const decoded = Buffer.concat(frames.map(({ bytes }) => decode(bytes)));
      expect(decoded.equals(Buffer.concat([head, content, tail]))).toBe(true);
      expect(digest).toMatchObject({ size: content.byteLength, sha256: sha256Of(content) });
    }
  });

  it('ends early where the file does', async () => {
    const content = bytesFor(3 * MIB);
    const { frames, digest } = await framesOf(content, { shrinksTo: 1.5 * MIB });
    const left = content.subarray(0, 1.5 * MIB);
    expect(Buffer.concat(frames.map(({ bytes }) => decode(bytes))).equals(left)).toBe(true);
    expect(digest).toEqual({ size: left.byteLength, sha256: sha256Of(left), read: left.byteLength });
  });

  it.each([false, true])(
    'goes on to the end whenever the memory of what was read is freed (filled up: %s)',
    async (fillUp) => {
      const content = bytesFor(6 * MIB);
      const file = await SourceFile.open(await workspace.write('a', content));
      const buffers: Uint8Array[] = [];
      const read = file.read.bind(file);
      file.read = (buffer, position) => {
        buffers.push(buffer);
        return read(buffer, position);
      };
      const digest: FileDigest = { size: 0, sha256: '', read: 0 };
      let frames = 0;
      for await (const _ of fileFrames(file, digest, { level: 1, signal: new AbortController().signal, fillUp })) {
        frames += 1;
        // A slow store: all that was begun is compressed by the time the next chunk is asked for.
        while (buffers.some(({ byteLength }) => byteLength > 0)) await setImmediate();
      }
      await file.close();
      expect({ frames, ...digest }).toEqual({ frames: 6, size: 6 * MIB, sha256: sha256Of(content), read: 6 * MIB });
    },
  );

  it('fills up with zeros where the size is written down already', async () => {
    const content = bytesFor(3 * MIB);
    const { frames, digest } = await framesOf(content, {
      shrinksTo: 1.5 * MIB,
      fillUp: true,
      tail: Buffer.from('end'),
    });
    const filled = Buffer.concat([content.subarray(0, 1.5 * MIB), Buffer.alloc(1.5 * MIB)]);
    const decoded = Buffer.concat(frames.map(({ bytes }) => decode(bytes)));
    expect(decoded.equals(Buffer.concat([filled, Buffer.from('end')]))).toBe(true);
    expect(digest).toEqual({ size: filled.byteLength, sha256: sha256Of(filled), read: 1.5 * MIB });
  });

  it('stops where the step is cancelled', async () => {
    const signal = AbortSignal.abort(new Error('cancelled'));
    await expect(framesOf(Buffer.from('x'), { signal })).rejects.toThrow('cancelled');
  });
});
