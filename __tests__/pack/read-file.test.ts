import { createHash } from 'node:crypto';
import { chmod, link, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { readSmallFile } from '../../src/pack/read-file.ts';

const onPosix = process.platform === 'win32' ? it.skip : it;
const onLinux = process.platform === 'linux' ? it : it.skip;

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'read-file-'));
});
afterEach(() => rm(directory, { recursive: true }));

/** @param size as listed */
function read(name: string, size: number, failOnChange = true) {
  const item = { type: 'file', path: name, absolutePath: join(directory, name), size } as const;
  return readSmallFile(item, Buffer.alloc(size + 1, 0xff), { failOnChange });
}

describe('readSmallFile', () => {
  onPosix('reads content, digest and mode of a file, and its inode only where it has other names', async () => {
    await writeFile(join(directory, 'a'), 'content');
    await chmod(join(directory, 'a'), 0o750);
    const { outcome, content } = read('a', 7);
    expect(content.toString()).toBe('content');
    const sha256 = createHash('sha256').update('content').digest('hex');
    expect(outcome).toMatchObject({ outcome: 'read', size: 7, sha256, mode: 0o750, changed: false });
    expect(outcome).not.toHaveProperty('inode');
    await link(join(directory, 'a'), join(directory, 'b'));
    const [a, b] = [read('a', 7).outcome, read('b', 7).outcome];
    expect(a).toHaveProperty('inode');
    expect(b).toMatchObject({ inode: 'inode' in a && a.inode });
  });

  it('reads a file that has shrunk or is empty as it is now', async () => {
    await writeFile(join(directory, 'a'), 'less');
    expect(read('a', 100)).toMatchObject({ outcome: { outcome: 'read', size: 4, changed: false } });
    await writeFile(join(directory, 'a'), '');
    expect(read('a', 0)).toMatchObject({ outcome: { outcome: 'read', size: 0 } });
  });

  it('does not read what no longer fits where it was to go', async () => {
    await writeFile(join(directory, 'a'), 'grown');
    expect(read('a', 4)).toEqual({ outcome: { outcome: 'outgrown' }, content: Buffer.alloc(0) });
  });

  onPosix('says of what is gone, or no file any more, that it is so, in a form that can be sent', async () => {
    await mkdir(join(directory, 'folder'));
    await symlink('/etc/passwd', join(directory, 'link'));
    for (const name of ['gone', 'folder', 'link']) {
      const { outcome } = read(name, 5);
      expect(structuredClone(outcome)).toMatchObject({
        outcome: 'failed',
        error: { message: expect.stringContaining('vanished'), details: { class: 'local', code: 'VANISHED' } },
      });
    }
  });

  // Linux has one file that opens and fails to be read, whoever asks: at the address 0 there is no memory.
  onLinux('says what the system said of a file that fails while it is read', () => {
    const item = { type: 'file', path: 'mem', absolutePath: '/proc/self/mem', size: 0 } as const;
    const { outcome, content } = readSmallFile(item, Buffer.alloc(1), { failOnChange: true });
    expect(content).toHaveLength(0);
    expect(structuredClone(outcome)).toMatchObject({
      outcome: 'failed',
      error: {
        message: expect.stringMatching(/^The file "\/proc\/self\/mem" cannot be read: EIO\b.*\.$/),
        details: { class: 'local', operation: 'read file', key: '/proc/self/mem', code: 'EIO' },
      },
    });
  });
});
