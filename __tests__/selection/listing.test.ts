import { execFileSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { list } from '../../src/selection/listing.ts';
import { portsFor } from './selecting.ts';
import { itOnPosix, plant } from './tree.ts';

async function listed(root: string, ...patterns: readonly string[]) {
  const ports = await portsFor(root, ...patterns);
  const listing = await list(ports.selector.root(), ports);
  return { ...ports, listing, names: listing?.children.map(({ sortKey }) => sortKey) };
}

describe('list', () => {
  it('keeps what is selected or entered', async () => {
    const root = await plant('a/x', 'b/x', 'c', 'd/', '.h');
    const { listing, findings } = await listed(root, 'a', 'b/*.js', 'c', '.?');
    expect(listing).toEqual({
      empty: false,
      children: [
        { name: 'a', kind: 'directory', selected: true, sortKey: 'a/' },
        { name: 'b', kind: 'directory', selected: false, sortKey: 'b/' },
        { name: 'c', kind: 'file', selected: true, sortKey: 'c' },
      ],
    });
    expect(findings.skipped.hidden).toEqual({ count: 1, examples: ['.h'] });
  });

  it('tells empty from left out', async () => {
    expect((await listed(await plant(), '**')).listing).toEqual({ empty: true, children: [] });
    expect((await listed(await plant('.h'), '**')).listing).toEqual({ empty: false, children: [] });
  });

  it('sorts directories as what is below them', async () => {
    const root = await plant('a/x', 'a-b', 'a.txt', 'a0', 'b/x');
    expect((await listed(root, '**')).names).toEqual(['a-b', 'a.txt', 'a/', 'a0', 'b/']);
  });

  it('sorts empty directories as themselves, and looks only where it matters', async () => {
    const root = await plant('a/', 'a-b', 'b/', 'c/', 'c.d/', 'c.e/x');
    const { names, read } = await listed(root, '**');
    expect(names).toEqual(['a', 'a-b', 'b/', 'c', 'c.d/', 'c.e/']);
    expect(read).toEqual(['', 'a', 'c']);
  });

  itOnPosix('skips special files that are selected', async () => {
    const root = await plant();
    execFileSync('mkfifo', [join(root, 'fifo'), join(root, 'other')]);
    const { names, findings } = await listed(root, 'fifo');
    expect(names).toEqual([]);
    expect(findings.skipped.special).toEqual({ count: 1, examples: ['fifo'] });
  });

  it('leaves out its own file without a word', async () => {
    const root = await plant('a', 'own');
    const ports = { ...(await portsFor(root, '**')), ownPaths: new Set([join(root, 'own')]) };
    expect((await list(ports.selector.root(), ports))?.children.map(({ name }) => name)).toEqual(['a']);
  });

  itOnPosix('refuses names that are not valid UTF-8 by their bytes', async () => {
    const root = await plant('a"b/');
    const written = writeFile(Buffer.concat([Buffer.from(`${root}/a"b/`), Buffer.of(0xff)]), '');
    if (
      !(await written.then(
        () => true,
        () => false,
      ))
    )
      return;
    const ports = await portsFor(root, '**');
    await list(ports.selector.child(ports.selector.root(), 'a"b'), ports);
    expect(() => ports.findings.throwIfRefused()).toThrow('"a\\"b/\\xff" (its name is not valid Unicode)');
  });

  it('tells of a directory that vanished, be it the root', async () => {
    const ports = await portsFor(await plant(), '**');
    expect(await list(ports.selector.child(ports.selector.root(), 'gone'), ports)).toBeUndefined();
    const nothing = { ...ports, readDirectory: async () => undefined };
    expect(await list(ports.selector.root(), nothing)).toBeUndefined();
    expect(ports.findings.vanished).toEqual({ count: 2, examples: ['gone', '.'] });
  });
});
