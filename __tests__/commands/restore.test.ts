import { chmod, lstat, symlink as makeLink, mkdir, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { failure } from '../series/series-fixture.ts';
import { directory, file, idOf, Scene, symlink, treeOf } from './restore/scene.ts';

describe('restore', () => {
  it('brings back files, links and empty directories with modes and times, into a directory of its own', async () => {
    await using scene = await Scene.create();
    const items = [
      file('.env', 'SECRET=1', { mode: '0600' }),
      file('bin/run', '#!/bin/sh\n', { mode: '0755', mtime: '2001-02-03T04:05:06.789123Z' }),
      symlink('current', 'bin/run'),
      directory('empty', '0750'),
      file('zero', ''),
    ];
    await scene.publish({ items });
    const report = await scene.restore();
    const target = report.restored?.target ?? '';
    expect(target.startsWith(join(scene.workspace, 'restored-dist-000001-'))).toBe(true);
    expect(await treeOf(target)).toEqual({
      '.env': 'SECRET=1',
      bin: '/',
      'bin/run': '#!/bin/sh\n',
      current: '-> bin/run',
      empty: '/',
      zero: '',
    });
    const run = await stat(join(target, 'bin/run'), { bigint: true });
    expect(Number(run.mode & 0o7777n).toString(8)).toBe('755');
    // Node takes times as floating point numbers: 0.2 µs are lost.
    expect(Number(run.mtimeNs - 981_173_106_789_123_000n)).toBeCloseTo(0, -3);
    expect((await lstat(join(target, 'current'))).mtime).toEqual(new Date('2026-11-22T08:00:00Z'));
    const empty = await stat(join(target, 'empty'));
    expect([empty.mode & 0o777, empty.mtime]).toEqual([0o750, new Date('2026-11-22T08:00:00.500Z')]);
    expect(report).toMatchObject({
      version: { number: 1, id: idOf(1) },
      restored: { totals: { files: 3, symlinks: 1, directories: 1, bytes: 18 }, left: 0, fetchedBytes: 18 },
    });
    expect(await scene.temporaryFiles()).toEqual([]);
  });

  it('restores what the patterns choose, without leading directories', async () => {
    await using scene = await Scene.create();
    const items = ['dist/app.js', 'dist/app.js.map', 'dist/lib/a.js', 'other', 'top/dist/x'].map((path) => file(path));
    await scene.publish({ items });
    const report = await scene.restore({ patterns: ['dist/**', '!**/*.map'], rules: { stripComponents: 1 } });
    expect(await treeOf(report.restored?.target ?? '')).toEqual({
      'app.js': 'dist/app.js',
      lib: '/',
      'lib/a.js': 'dist/lib/a.js',
    });
    expect(report.restored).toMatchObject({ leftOut: { notChosen: 3, stripped: 0 }, totals: { files: 2 } });
  });

  it.each([
    ['error', 'not there', { patterns: ['nowhere/**'] }],
    ['error', 'stripped', { rules: { stripComponents: 9 } }],
    ['ignore', 'not there', { patterns: ['nowhere/**'] }],
    ['ignore', 'stripped', { rules: { stripComponents: 9 } }],
  ] as const)('on-not-found: %s holds for entries that are %s', async (onNotFound, _, asked) => {
    await using scene = await Scene.create();
    await scene.publish({ items: [file('a/b')] });
    const outcome = scene.restore({ ...asked, onNotFound });
    if (onNotFound === 'error')
      await expect(outcome).rejects.toEqual(failure('not-found', /^The version has 1 entry, but/));
    else expect(await outcome).toMatchObject({ version: { number: 1 }, notFound: expect.stringContaining('1 entry') });
    expect(await treeOf(scene.workspace)).toEqual({});
  });

  it('on-not-found: ignore holds for the version', async () => {
    await using scene = await Scene.create();
    await scene.publish({ items: [file('a')] });
    const report = await scene.restore({ version: '7', onNotFound: 'ignore' });
    expect(report.notFound).toContain(`the nearest is ${idOf(1)}`);
    expect(report.restored).toBeUndefined();
    await expect(scene.restore({ version: '7' })).rejects.toMatchObject({ name: 'VersionNotFoundError' });
  });

  it('restores a version that leans on another', async () => {
    await using scene = await Scene.create();
    await scene.publish({ items: [file('old')] });
    await scene.publish({ number: 2, items: [file('old')], record: { leansOn: [idOf(1)] } });
    const report = await scene.restore();
    expect(await treeOf(report.restored?.target ?? '')).toEqual({ old: 'old' });
  });
});

describe('overwrite', () => {
  async function sceneWithTarget() {
    const scene = await Scene.create();
    await scene.publish({ items: [file('changed', 'new'), file('missing'), file('same', 'same', { mode: '0640' })] });
    const target = join(scene.workspace, 'there');
    await mkdir(target);
    await writeFile(join(target, 'changed'), 'old');
    await writeFile(join(target, 'same'), 'same', { mode: 0o640 });
    await utimes(join(target, 'same'), 1, 1);
    return { scene, target };
  }

  it('never: stops before anything is written where something differs', async () => {
    const { scene, target } = await sceneWithTarget();
    await using _ = scene;
    const before = await scene.everything();
    await expect(scene.restore({ target })).rejects.toEqual(
      failure('local', /has other content or modes already for "changed". Nothing was written\.$/),
    );
    expect(await scene.everything()).toEqual(before);
  });

  it('never: leaves what is the same untouched and adds the rest', async () => {
    const { scene, target } = await sceneWithTarget();
    await using _ = scene;
    const report = await scene.restore({ target, patterns: ['!changed'] });
    expect(await treeOf(target)).toEqual({ changed: 'old', missing: 'missing', same: 'same' });
    expect((await stat(join(target, 'same'))).mtimeMs).toBe(1000);
    expect(report.restored).toMatchObject({ left: 1, fetchedBytes: 7, totals: { files: 2 } });
  });

  it('never: takes another mode for a difference', async () => {
    const { scene, target } = await sceneWithTarget();
    await using _ = scene;
    await chmod(join(target, 'same'), 0o600);
    await expect(scene.restore({ target, patterns: ['same'] })).rejects.toEqual(failure('local', /for "same"/));
  });

  it('changed: replaces what differs and gives the rest its mode and time without fetching it', async () => {
    const { scene, target } = await sceneWithTarget();
    await using _ = scene;
    await chmod(join(target, 'same'), 0o600);
    const report = await scene.restore({ target, rules: { overwrite: 'changed' } });
    expect(await treeOf(target)).toEqual({ changed: 'new', missing: 'missing', same: 'same' });
    const same = await stat(join(target, 'same'));
    expect([same.mode & 0o777, same.mtime]).toEqual([0o640, new Date('2026-11-22T08:00:00Z')]);
    expect(report.restored?.fetchedBytes).toBe(10);
  });

  it('always: fetches and replaces everything', async () => {
    const { scene, target } = await sceneWithTarget();
    await using _ = scene;
    const report = await scene.restore({ target, rules: { overwrite: 'always' } });
    expect(await treeOf(target)).toEqual({ changed: 'new', missing: 'missing', same: 'same' });
    expect(report.restored?.fetchedBytes).toBe(14);
  });

  it.each(['changed', 'always'] as const)('%s: replaces a link, not what it points at', async (overwrite) => {
    const { scene, target } = await sceneWithTarget();
    await using _ = scene;
    await makeLink(join(scene.directory, 'outside', 'authorized_keys'), join(target, 'missing'));
    await scene.restore({ target, rules: { overwrite } });
    expect(await treeOf(target)).toEqual({ changed: 'new', missing: 'missing', same: 'same' });
    expect(await treeOf(join(scene.directory, 'outside'))).toEqual({ authorized_keys: 'mine' });
  });

  it.each(['never', 'changed', 'always'] as const)('%s: never removes a directory for a file', async (overwrite) => {
    const { scene, target } = await sceneWithTarget();
    await using _ = scene;
    await mkdir(join(target, 'missing'));
    await expect(scene.restore({ target, rules: { overwrite } })).rejects.toEqual(
      failure('local', /missing" is a directory, and the version has a file there/),
    );
  });
});
