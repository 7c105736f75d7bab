import { describe, expect, it } from '@jest/globals';
import { type Candidate, LargeContents, MAX_FINGERPRINTS, type StoredFile } from '../../src/transfer/large-contents.ts';

const sha256 = (content: string) => content.repeat(64).slice(0, 64);
const read = (content: string) => ({ size: 9, sha256: sha256(content), mode: 0o644, mtimeNs: 0n, changed: false });

/** Notes what is done with files that look alike. */
class Files {
  readonly contents = new LargeContents();
  readonly done: string[] = [];

  put(path: string, content: string, fields: Partial<Candidate> = {}): Promise<StoredFile> {
    return this.contents.storeOnce({
      path,
      fingerprint: 'alike',
      digest: async () => {
        this.done.push(`digest ${path}`);
        return read(content);
      },
      store: async () => {
        this.done.push(`store ${path}`);
        return { read: read(content), location: { key: `data/${path}` } };
      },
      onShared: (bytes) => void this.done.push(`shared ${path} ${bytes}`),
      ...fields,
    });
  }
}

describe('LargeContents', () => {
  it('stores a file that looks like no other without reading it before', async () => {
    const files = new Files();
    await files.put('a', '1');
    await files.put('b', '1', { fingerprint: 'other' });
    expect(files.done).toEqual(['store a', 'store b']);
  });

  it('refers to the first of equal ones, also while that is on its way', async () => {
    const files = new Files();
    const [, b] = await Promise.all([files.put('a', '1'), files.put('b', '1')]);
    expect(b).toEqual({ read: read('1'), location: { key: 'data/a' } });
    expect(files.done).toEqual(['store a', 'digest b', 'shared b 9']);
  });

  it('names the member of a slice, which has the path of the first', async () => {
    const files = new Files();
    const slice = { offset: 0, bytes: 1, skip: 0 };
    await files.put('a', '1', { store: async () => ({ read: read('1'), location: { key: 'pack', slice } }) });
    expect((await files.put('b', '1')).location).toEqual({ key: 'pack', slice: { ...slice, member: 'a' } });
  });

  it('stores what only looks alike', async () => {
    const files = new Files();
    await files.put('a', '1');
    await files.put('b', '2');
    expect((await files.put('c', '2')).location).toEqual({ key: 'data/b' });
    expect(files.done).toEqual(['store a', 'digest b', 'store b', 'digest c', 'shared c 9']);
  });

  it('stores the second where the first failed', async () => {
    const files = new Files();
    const failing = { store: () => Promise.reject(new Error('broken')) };
    await expect(files.put('a', '1', failing)).rejects.toThrow('broken');
    expect((await files.put('b', '1')).location).toEqual({ key: 'data/b' });
  });

  it('forgets the oldest rather than fill memory', async () => {
    const files = new Files();
    for (let number = 0; number <= MAX_FINGERPRINTS; number++)
      await files.put('x', '1', { fingerprint: String(number) });
    files.done.length = 0;
    await files.put('y', '1', { fingerprint: '0' });
    await files.put('z', '1', { fingerprint: String(MAX_FINGERPRINTS) });
    expect(files.done).toEqual(['store y', 'digest z', 'shared z 9']);
  });
});
