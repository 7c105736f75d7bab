import { execFile } from 'node:child_process';
import { chmod, lstat, mkdtemp, readdir, readFile, readlink, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { BLOCK_BYTES, END_BYTES, paddingOf, type TarMember } from '../../src/pack/tar-format.ts';
import { encodeHeader } from '../../src/pack/tar-writer.ts';
import { anyMember, file, nastyNames } from './support/members.ts';

const run = promisify(execFile);

describe('encodeHeader', () => {
  it('makes whole blocks, the same for the same member', () => {
    fc.assert(
      fc.property(anyMember, (member) => {
        const header = encodeHeader(member);
        expect(header.byteLength % BLOCK_BYTES).toBe(0);
        expect(header.equals(encodeHeader(member))).toBe(true);
      }),
    );
  });

  it.each([
    ['a plain member', { ...file('a.txt', 3), mtimeNs: 5_000_000_000n }, 1],
    ['a name of 100 bytes', { ...file('a'.repeat(100)), mtimeNs: 0n }, 1],
    ['one of 101', { ...file('a'.repeat(101)), mtimeNs: 0n }, 3],
    ['one that is not ASCII', { ...file('é'), mtimeNs: 0n }, 3],
    ['a fraction of a second', file('a'), 3],
    ['8 GiB less one', { ...file('a', 2 ** 33 - 1), mtimeNs: 0n }, 1],
    ['8 GiB', { ...file('a', 2 ** 33), mtimeNs: 0n }, 3],
  ])('takes PAX only where it is needed: %s', (_, member, blocks) => {
    expect(encodeHeader(member).byteLength).toBe(blocks * BLOCK_BYTES);
  });
});

/** The tar of this machine; BSD's prints and keeps other things, and Windows has no such names. */
const onLinux = process.platform === 'linux' ? describe : describe.skip;

onLinux('what the tar of the system makes of it', () => {
  let directory: string;
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'tar-writer-'));
    await writeFile(join(directory, 'all.tar'), archive());
    await run('tar', ['-xpf', 'all.tar'], { cwd: directory });
    await rm(join(directory, 'all.tar'));
  });
  afterAll(async () => {
    await chmod(join(directory, 'closed'), 0o700);
    await rm(directory, { recursive: true });
  });

  const symlink: TarMember = { ...file('link'), type: 'symlink', target: `../${'ü'.repeat(80)}` };
  const closed: TarMember = { ...file('closed'), type: 'directory', mode: 0o500 };
  const twin: TarMember = { ...file('twin'), type: 'hard-link', target: nastyNames[0] ?? '' };

  function archive(): Buffer {
    const files = nastyNames.flatMap((name) => {
      const content = Buffer.from(`content of ${name}`);
      const member = file(name, content.byteLength);
      return [encodeHeader(member), content, Buffer.alloc(paddingOf(content.byteLength))];
    });
    return Buffer.concat([...files, ...[symlink, closed, twin].map(encodeHeader), Buffer.alloc(END_BYTES)]);
  }

  it('has every nasty name, and nothing besides', async () => {
    for (const name of nastyNames) {
      expect(await readFile(join(directory, name), 'utf8')).toBe(`content of ${name}`);
    }
    const tops = new Set([...nastyNames.map((name) => name.split('/')[0]), 'link', 'closed', 'twin']);
    expect((await readdir(directory)).sort()).toEqual([...tops].sort());
  });

  it('has the times to the nanosecond, the modes and the links', async () => {
    const status = (name: string) => lstat(join(directory, name), { bigint: true });
    expect((await status(nastyNames[0] ?? '')).mtimeNs).toBe(1_700_000_000_123_456_789n);
    expect(await readlink(join(directory, 'link'))).toBe(symlink.target);
    expect((await status('link')).mtimeNs).toBe(symlink.mtimeNs);
    expect((await status('closed')).mode & 0o7777n).toBe(0o500n);
    expect((await status('twin')).ino).toBe((await status(nastyNames[0] ?? '')).ino);
  });
});
