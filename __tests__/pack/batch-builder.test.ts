import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { BatchItem, Decision } from '../../src/pack/batch.ts';
import { BatchBuilder } from '../../src/pack/batch-builder.ts';
import { decode, type FoundMember, memberAt } from '../transfer/packs-fixture.ts';

let directory: string;
let items: BatchItem[];
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'batch-'));
  for (const name of ['a', 'b']) await writeFile(join(directory, name), `content of ${name}`);
  const file = (path: string) => ({ type: 'file', path, absolutePath: join(directory, path), size: 12 }) as const;
  items = [
    file('a'),
    file('b'),
    { type: 'symlink', path: 'l', mtimeNs: 5n, target: 'a' },
    { type: 'directory', path: 'd', mtimeNs: 6n, mode: 0o700 },
  ];
});
afterAll(() => rm(directory, { recursive: true }));

const builder = () => new BatchBuilder({ failOnChange: true, level: 3 });

/** The member at each of these places of a frame. */
function membersAt(frame: Uint8Array, skips: readonly number[]): (FoundMember | undefined)[] {
  const tar = decode(frame);
  return skips.map((skip) => memberAt(Buffer.concat([tar, Buffer.alloc(1024)]), skip));
}

describe('BatchBuilder', () => {
  it('makes one frame of what is kept, with each member where it says', () => {
    const batches = builder();
    expect(batches.read(1, items)).toMatchObject([
      { size: 12 },
      { size: 12 },
      { outcome: 'none' },
      { outcome: 'none' },
    ]);
    const { bytes, skips } = batches.build(1, ['keep', 'keep', 'keep', 'keep']);
    expect(membersAt(bytes, skips)).toMatchObject([
      { member: { type: 'file', path: 'a', size: 12 }, content: Buffer.from('content of a') },
      { member: { type: 'file', path: 'b' }, content: Buffer.from('content of b') },
      { member: { type: 'symlink', path: 'l', target: 'a', mtimeNs: 5n } },
      { member: { type: 'directory', path: 'd', mode: 0o700, mtimeNs: 6n } },
    ]);
  });

  it('leaves out what is dropped, and makes a hard link of what is linked', () => {
    const batches = builder();
    batches.read(1, items);
    const { bytes, skips } = batches.build(1, ['drop', { linkTo: 'elsewhere' }, 'drop', 'drop']);
    expect(skips[1]).toBe(0);
    expect(membersAt(bytes, [0])).toMatchObject([
      { member: { type: 'hard-link', path: 'b', target: 'elsewhere', size: 0 } },
    ]);
    expect(decode(bytes).byteLength % 512).toBe(0);
  });

  it('makes nothing of nothing', () => {
    const batches = builder();
    batches.read(1, items);
    expect(batches.build(1, ['drop', 'drop', 'drop', 'drop']).bytes).toHaveLength(0);
    expect(() => batches.build(2, [])).toThrow('there is no batch 2');
  });

  it('holds several batches, and each only until it is built', () => {
    const batches = builder();
    const keep = (count: number): Decision[] => Array.from({ length: count }, () => 'keep');
    batches.read(1, items.slice(0, 1));
    batches.read(2, items.slice(1, 2));
    const second = batches.build(2, keep(1));
    const first = batches.build(1, keep(1));
    expect(membersAt(second.bytes, [0])).toMatchObject([{ member: { path: 'b' } }]);
    expect(membersAt(first.bytes, [0])).toMatchObject([{ member: { path: 'a' } }]);
    expect(() => batches.build(1, keep(1))).toThrow('there is no batch 1');
  });

  it('never stores what could not be read', () => {
    const batches = builder();
    const gone = { type: 'file', path: 'gone', absolutePath: join(directory, 'gone'), size: 1 } as const;
    expect(batches.read(1, [gone])).toMatchObject([{ outcome: 'failed' }]);
    expect(() => batches.build(1, ['keep'])).toThrow('what was not read cannot be stored: gone');
  });
});
