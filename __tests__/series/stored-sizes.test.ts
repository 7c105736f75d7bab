import { describe, expect, it } from '@jest/globals';
import { packTotals, SizeTally } from '../../src/series/stored-sizes.ts';
import { fileEntry } from './series-fixture.ts';

const sha256 = '0'.repeat(64);
const slice = { offset: 0, bytes: 10, skip: 0 };
const stored = (bytes: number) => ({ encoding: 'zstd', bytes, sha256 }) as const;

describe('SizeTally', () => {
  it('adds up what is packed and what is compressed, and leaves out the rest', () => {
    const tally = new SizeTally();
    tally.add(fileEntry('a', { slice, size: 3 }));
    tally.add(fileEntry('b', { slice, size: 4 }));
    tally.add(fileEntry('c', { stored: stored(5), size: 100 }));
    tally.add(fileEntry('d', { stored: stored(6), size: 200 }));
    tally.add(fileEntry('e', { size: 1000 }));
    tally.add({ path: 'f', type: 'symlink', target: 'a', mtime: '2026-11-22T08:00:00Z' });
    const packs = [20, 30].map((bytes) => ({ key: 'data/x/packs/0001.tar.zst', sha256, bytes }));
    expect(tally.current(packs)).toEqual({
      packed: { files: 2, bytes: 7 },
      packs: { count: 2, bytes: 50 },
      compressed: { files: 2, bytes: 300, storedBytes: 11 },
    });
  });

  it('is all zeros without packs and compressed files', () => {
    expect(packTotals([])).toEqual({ count: 0, bytes: 0 });
    expect(new SizeTally().current([])).toMatchObject({ packed: { files: 0 }, compressed: { files: 0 } });
  });
});
