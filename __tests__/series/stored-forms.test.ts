import { expect, it } from '@jest/globals';
import { FormTally } from '../../src/series/stored-forms.ts';
import { fileEntry } from './series-fixture.ts';

const stored = { encoding: 'zstd', bytes: 5, sha256: 'a'.repeat(64) } as const;

it('counts each form, and knows the largest file that is an object of its own', () => {
  const tally = new FormTally();
  tally.add({ path: 'dir', type: 'directory', mode: '0755', mtime: '2026-11-22T08:09:10Z' });
  tally.add(fileEntry('a', { size: 9, key: 'data/x/packs/0001.tar.zst', slice: { offset: 0, bytes: 9, skip: 0 } }));
  expect(tally.current()).toEqual({ packed: 1, compressed: 0, loose: 0 });
  tally.add(fileEntry('b', { size: 0, key: 'data/x/files/b' }));
  tally.add(fileEntry('c', { size: 7, key: 'data/x/files/c.zst', stored }));
  tally.add(fileEntry('d', { size: 7, key: 'data/x/files/d' }));
  expect(tally.current()).toEqual({
    packed: 1,
    compressed: 1,
    loose: 2,
    example: { path: 'c', key: 'data/x/files/c.zst', isCompressed: true },
  });
});
