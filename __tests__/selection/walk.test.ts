import { describe, expect, it } from '@jest/globals';
import { walk } from '../../src/selection/walk.ts';
import { portsFor, type RecordedPorts } from './selecting.ts';
import { collect, itOnPosix, plant } from './tree.ts';

async function pathsOf(ports: RecordedPorts): Promise<string[]> {
  return (await collect(walk(ports))).flat().map(({ path }) => path);
}

describe('walk', () => {
  it('yields paths in the order of their bytes', async () => {
    const paths = ['a!', 'a-b/x', 'a/b/c', 'a/b.c', 'a/b0', 'a0', 'b\u{1f600}', 'b\ue000', 'b/z'];
    const ports = await portsFor(await plant(...paths), '**');
    const expected = paths.toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
    expect(await pathsOf(ports)).toEqual(expected);
  });

  it('keeps a large directory in order across its batches', async () => {
    const paths = Array.from({ length: 150 }, (_, index) => `f${index}${index % 50 === 0 ? '/x' : ''}`);
    const ports = await portsFor(await plant(...paths), '**');
    expect(await pathsOf(ports)).toEqual(paths.toSorted());
  });

  it('keeps directories that are empty, not those whose contents are left out', async () => {
    const root = await plant('a/', 'a!', 'b/c/', 'd/.h', 'e/.git/config', 'f/x', 'g/h/');
    const ports = await portsFor(root, '**', '!f/*', '!g/h');
    expect(await pathsOf(ports)).toEqual(['a', 'a!', 'b/c']);
  });

  it('keeps an empty directory only if it is selected', async () => {
    const ports = await portsFor(await plant('a/b/', 'a/c/x.js'), 'a/**/*.js');
    expect(await pathsOf(ports)).toEqual(['a/c/x.js']);
  });

  it('does not read excluded directories', async () => {
    const root = await plant('src/a', 'src/node_modules/b/c', 'node_modules/d/e', 'docs/f');
    const ports = await portsFor(root, '**', '!**/node_modules');
    expect(await pathsOf(ports)).toEqual(['docs/f', 'src/a']);
    expect(ports.read.sort()).toEqual(['', 'docs', 'src']);
  });

  it('reads of an excluded directory what a later pattern takes back', async () => {
    const root = await plant('a/b/x.js', 'a/c/x.js', 'a/b/d/y.js');
    const ports = await portsFor(root, '**', '!a', 'a/b/*.js');
    expect(await pathsOf(ports)).toEqual(['a/b/x.js']);
    expect(ports.read).toEqual(['', 'a', 'a/b']);
  });

  it('does not read what no pattern leads to, what is hidden, and what holds credentials', async () => {
    const root = await plant('a/b/c', 'x/y', 'a/.cache/z', 'a/.git/config');
    const ports = await portsFor(root, 'a/**');
    expect(await pathsOf(ports)).toEqual(['a/b/c']);
    expect(ports.read).toEqual(['', 'a', 'a/b']);
    expect(ports.findings.skipped.hidden).toEqual({ count: 1, examples: ['a/.cache'] });
    expect(ports.findings.skipped.credentials).toEqual({ count: 1, examples: ['a/.git'] });
  });

  itOnPosix('keeps links as links and does not go through them', async () => {
    const root = await plant('a/x', 'l -> a', 'out -> /', 'broken -> nowhere', 'loop -> .', 'a/up -> ..');
    const ports = await portsFor(root, '**');
    expect(await pathsOf(ports)).toEqual(['a/up', 'a/x', 'broken', 'l', 'loop', 'out']);
    expect(ports.read).toEqual(['', 'a']);
  });

  itOnPosix('keeps the link where a pattern leads through one', async () => {
    const root = await plant('a/x', 'l -> a', 'out -> /', '.hidden -> a');
    const ports = await portsFor(root, 'l/x', 'out/etc/**', 'out/*.txt', '.hidden/x');
    expect(await pathsOf(ports)).toEqual(['.hidden', 'l', 'out']);
    expect(ports.read).toEqual(['']);
  });

  it('refuses what cannot be stored, empty directories too', async () => {
    const root = await plant('ok', 'too-long', 'empty/');
    const ports = {
      ...(await portsFor(root, '**')),
      pathProblem: (path: string) => (path === 'ok' ? undefined : 'no'),
    };
    expect(await pathsOf(ports)).toEqual(['ok']);
    expect(() => ports.findings.throwIfRefused()).toThrow('2 paths');
  });
});
