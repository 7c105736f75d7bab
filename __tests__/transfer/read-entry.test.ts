import { describe, expect, it } from '@jest/globals';
import type { FileEntry } from '../../src/series/model.ts';
import { readEntry } from '../../src/transfer/read-entry.ts';
import { frames, PackFixture, storedEntry } from '../pack/pack-fixture.ts';
import { failure, fileEntry } from '../series/series-fixture.ts';
import { KEY, readingOf } from './read-context.ts';
import { bytesFor, MIB, sha256Of } from './transfer-fixture.ts';

async function read(entry: FileEntry | undefined, object: Buffer, isOwn = true): Promise<Buffer> {
  if (entry === undefined) throw new Error('There is an entry.');
  const { context } = await readingOf(object);
  const found = Buffer.alloc(entry.size);
  await readEntry({ entry, key: KEY, isOwn }, async (bytes, position) => void found.set(bytes, position), context);
  return found;
}

const content = bytesFor(2.5 * MIB);

describe('readEntry', () => {
  it('reads a file that is an object', async () => {
    const entry = fileEntry('a', { size: content.byteLength, sha256: sha256Of(content) });
    expect((await read(entry, content)).equals(content)).toBe(true);
    await expect(read(entry, Buffer.alloc(content.byteLength))).rejects.toEqual(
      failure('permanent', /not what its entry says/),
    );
  });

  it('reads one that is compressed', async () => {
    const { entry, stored } = storedEntry('a', content, 'k');
    expect((await read(entry, stored)).equals(content)).toBe(true);
  });

  it('reads one that is a long member of a pack, and asks for nothing beside it', async () => {
    const pack = new PackFixture('k')
      .add('before', 'x')
      .close()
      .add('a', content)
      .close((bytes) => frames(bytes));
    const [before, entry] = pack.entries;
    expect((await read(entry, pack.bytes())).equals(content)).toBe(true);
    expect((await read(before, pack.bytes())).toString()).toBe('x');
  });

  it('compares the mode in the tar header only where the member was written for this entry', async () => {
    const pack = new PackFixture('k').add('a', 'x').close();
    const [entry] = pack.entries.map((one) => ({ ...one, mode: '0600' }));
    expect((await read(entry, pack.bytes(), false)).toString()).toBe('x');
    await expect(read(entry, pack.bytes())).rejects.toEqual(
      failure('permanent', /its mode is 0600/, { code: 'DAMAGED' }),
    );
  });
});
