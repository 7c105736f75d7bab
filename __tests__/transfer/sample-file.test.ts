import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { sampleFile } from '../../src/transfer/sample-file.ts';
import { failure } from '../series/series-fixture.ts';
import { MIB, Workspace, watchReads } from './transfer-fixture.ts';

let workspace: Workspace;
beforeEach(async () => {
  workspace = await Workspace.create();
});
afterEach(() => workspace[Symbol.asyncDispose]());

const sample = async (content: Buffer) => sampleFile(await workspace.write('a', content));

describe('sampleFile', () => {
  it('tells what compresses from what does not', async () => {
    expect((await sample(Buffer.alloc(2 * MIB, 'text '))).ratio).toBeLessThan(0.1);
    expect((await sample(randomBytes(2 * MIB))).ratio).toBeGreaterThan(0.95);
    // Only the places it looks at count, and they are spread over the file.
    const half = Buffer.concat([Buffer.alloc(MIB), randomBytes(MIB)]);
    expect((await sample(half)).ratio).toBeCloseTo(0.5, 1);
  });

  it('reads four places, the first byte and the last among them', async () => {
    const path = await workspace.write('a', Buffer.alloc(3 * MIB));
    await using watch = await watchReads();
    await sampleFile(path);
    expect(watch.reads).toHaveLength(4);
    expect(watch.reads[0]?.position).toBe(0);
    const { position = 0, bytes = 0 } = watch.reads[3] ?? {};
    expect(position + bytes).toBe(3 * MIB);
  });

  it('has one fingerprint for equal files, and others for files of other sizes or samples', async () => {
    const content = randomBytes(2 * MIB);
    const { fingerprint } = await sample(content);
    expect((await sample(content)).fingerprint).toBe(fingerprint);
    expect((await sample(content.subarray(0, -1))).fingerprint).not.toBe(fingerprint);
    const other = Buffer.from(content);
    other.writeUInt8(other.readUInt8(2 * MIB - 1) ^ 1, 2 * MIB - 1);
    expect((await sample(other)).fingerprint).not.toBe(fingerprint);
  });

  it('takes what is smaller than a sample, and nothing at all', async () => {
    expect((await sample(Buffer.from('tiny'))).fingerprint).toMatch(/^4:/);
    expect(await sample(Buffer.alloc(0))).toMatchObject({ ratio: 1 });
    await expect(sampleFile(workspace.at('gone'))).rejects.toEqual(failure('local', /vanished/));
  });
});
