import { expect, it } from '@jest/globals';
import { FormTally, ownPrefixes } from '../../src/series/stored-forms.ts';
import { fileEntry } from './series-fixture.ts';

const stored = { encoding: 'zstd', bytes: 5, sha256: 'a'.repeat(64) } as const;

it('counts each form, and knows the largest file that is an object of its own', () => {
  const tally = new FormTally('x');
  tally.add({ path: 'dir', type: 'directory', mode: '0755', mtime: '2026-11-22T08:09:10Z' });
  tally.add(fileEntry('a', { size: 9, key: 'data/x/packs/0001.tar.zst', slice: { offset: 0, bytes: 9, skip: 0 } }));
  expect(tally.current()).toEqual({ packed: 1, compressed: 0, loose: 0, filesIn: [] });
  tally.add(fileEntry('b', { size: 0, key: 'data/x/files/b' }));
  tally.add(fileEntry('c', { size: 7, key: 'data/x/files/c.zst', stored }));
  tally.add(fileEntry('d', { size: 7, key: 'data/x/files/d' }));
  expect(tally.current()).toEqual({
    packed: 1,
    compressed: 1,
    loose: 2,
    filesIn: ['data/x/files/'],
    example: { path: 'c', key: 'data/x/files/c.zst', isCompressed: true },
  });
});

it('knows below which prefixes the objects of a version itself are', () => {
  const names = ['resumed-10/files/a', 'resumed-2/files/packs/b', 'files/c', 'files/d', 'long/e'];
  const keys = [...names.map((name) => `data/x/${name}`), 'data/y/files/f'];
  expect(ownPrefixes('x', keys)).toEqual(['data/x/files/', 'data/x/resumed-2/files/', 'data/x/resumed-10/files/']);
});
