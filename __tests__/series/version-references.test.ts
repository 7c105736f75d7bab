import { describe, expect, it } from '@jest/globals';
import type { PackReference } from '../../src/series/record.ts';
import { ownerOf, recordedPacks, VersionReferences } from '../../src/series/version-references.ts';
import { failure, fileEntry } from './series-fixture.ts';

const slice = { offset: 0, bytes: 1, skip: 0 };
const sha256 = '0'.repeat(64);
const pack = (key: string, fields: Partial<PackReference> = {}) => ({ key, bytes: 9, sha256, ...fields });

function referencesOf(
  ...files: readonly { readonly key: string; readonly size?: number; readonly packed?: boolean }[]
) {
  const references = new VersionReferences('v3');
  for (const [at, { key, size = 5, packed = false }] of files.entries()) {
    references.add(fileEntry(String(at), { key, size, ...(packed && { slice }) }));
  }
  references.add({ path: 'link', type: 'symlink', target: 'a', mtime: '2026-11-22T08:00:00Z' });
  return references.current();
}

describe('VersionReferences', () => {
  it('names the other versions that are referred to, and adds up what is in each pack', () => {
    const { leansOn, packs } = referencesOf(
      { key: 'data/v2/files/a' },
      { key: 'data/v3/files/b' },
      { key: 'data/v1/packs/0001.tar.zst', size: 3, packed: true },
      { key: 'data/v1/packs/0001.tar.zst', size: 4, packed: true },
      { key: 'data/v3/packs/0001.tar.zst', size: 0, packed: true },
    );
    expect(leansOn).toEqual(['v1', 'v2']);
    expect([...packs]).toEqual([
      ['data/v1/packs/0001.tar.zst', 7],
      ['data/v3/packs/0001.tar.zst', 0],
    ]);
  });
});

describe('ownerOf', () => {
  it('is the version in the key of its data', () => {
    expect(ownerOf('data/v1/files/data/v2/files/a')).toBe('v1');
    expect([ownerOf('data/v1'), ownerOf('claims/000001.json'), ownerOf('x/data/v1/a')]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });
});

describe('recordedPacks', () => {
  it('says of new packs what was put in, and of older ones what is left of that', () => {
    const references = referencesOf({ key: 'old', size: 3, packed: true }, { key: 'new', size: 8, packed: true });
    const inherited = [
      pack('old', { contentBytes: 10, liveBytes: 6 }),
      pack('gone', { contentBytes: 1, liveBytes: 1 }),
    ];
    expect(recordedPacks(references, [pack('new')], inherited)).toEqual([
      pack('new', { contentBytes: 8, liveBytes: 8 }),
      pack('old', { contentBytes: 10, liveBytes: 3 }),
    ]);
  });

  it('keeps a pack of its own that no file refers to', () => {
    expect(recordedPacks(referencesOf(), [pack('links')], [])).toEqual([
      pack('links', { contentBytes: 0, liveBytes: 0 }),
    ]);
  });

  it('refuses a pack that nobody has written', () => {
    const references = referencesOf({ key: 'unknown', packed: true });
    expect(() => recordedPacks(references, [], [pack('other')])).toThrow(
      failure('permanent', /pack "unknown", of which nothing is known/, {
        hint: expect.stringContaining('`incremental: off`'),
      }),
    );
  });
});
