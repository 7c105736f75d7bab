import { symlink as makeLink, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import type { SymlinkEntry } from '../../../../src/series/model.ts';
import { failure } from '../../../series/series-fixture.ts';
import { ObservedStore } from '../../../store/observed-store.ts';
import { file, idOf, Scene, symlink, treeOf } from '../scene.ts';
import { expectRefused, expectUntouched } from './refusal.ts';

describe('links to the outside, and files through them (CVE-2024-12905, CVE-2025-48387)', () => {
  const throughLink = [symlink('x', '../../outside'), file('x/authorized_keys', 'theirs')];

  it('the link is refused', () =>
    expectRefused({ items: throughLink }, { message: /"x" is not restored: it is a link/ }));

  it('the file is refused where links are kept', () =>
    expectRefused(
      { items: throughLink },
      { message: /"x\/authorized_keys" is not restored: "x" would have to be a directory, but is a symlink/ },
      { rules: { links: 'keep' } },
    ));

  it('the file is refused where other entries come between the link and it', () =>
    expectRefused(
      { items: [symlink('x', 'y'), file('x!'), file('x-'), file('x/evil')] },
      { message: /"x\/evil" is not restored/ },
    ));

  it('the file is refused where the link is what strip-components makes of another path', () =>
    expectRefused(
      { items: [symlink('a/x', 'y'), file('b/x/evil')] },
      { message: /"b\/x\/evil" is not restored: "a\/x" would have to be a directory/ },
      { rules: { stripComponents: 1 } },
    ));
});

describe('links and files in two restores (CVE-2025-45582)', () => {
  it.each(['never', 'changed', 'always'] as const)(
    'nothing is written through a link that is there, overwrite: %s',
    async (overwrite) => {
      await using scene = await Scene.create();
      const target = join(scene.workspace, 'target');
      await scene.publish({ items: [symlink('x', join(scene.directory, 'outside'))] });
      await scene.restore({ target, rules: { links: 'keep' } });
      const record = { leansOn: [idOf(1)] };
      await scene.publish({ number: 2, items: [file('x/authorized_keys', 'theirs')], record });
      const message = /target\/x" is a symbolic link, through which nothing is written/;
      await expectUntouched(scene, { class: 'local', message }, { target, rules: { overwrite, links: 'keep' } });
    },
  );
});

describe('targets of links (CVE-2025-59343, CVE-2026-54572, CVE-2025-4517)', () => {
  it.each([
    ['a sibling whose name begins like the target', 'x', '../target-evil'],
    ['the directory above', 'x', '..'],
    ['above from below', 'a/b/x', '../../..'],
    ['an absolute path', 'x', '/etc/passwd'],
    ['up again after down', 'x', 'a/../../outside'],
    ['up again, maybe through another link', 'x', 'a/../b'],
  ])('%s is refused', async (_, path, target) => {
    await using scene = await Scene.create();
    await mkdir(join(scene.workspace, 'target-evil'));
    await scene.publish({ items: [symlink(path, target)] });
    await expectUntouched(scene, { message: /is a link to .*, and it / }, { target: join(scene.workspace, 'target') });
  });

  it.each([
    ['nowhere', ''],
    ['a NUL', 'a\0b'],
    ['a text no path can have', 'a/'.repeat(3000)],
  ])('%s is refused even where links are kept', (_, target) =>
    expectRefused({ items: [symlink('x', target)] }, { message: /is not restored: it/ }, { rules: { links: 'keep' } }),
  );

  it('a link that is kept changes nothing of what it points at (CVE-2024-52522)', async () => {
    await using scene = await Scene.create();
    const outside = join(scene.directory, 'outside');
    const before = await treeOf(outside);
    const link = symlink('x', join(outside, 'authorized_keys'));
    const entry = { ...link.entry, mtime: '1999-01-01T00:00:00Z' } as SymlinkEntry;
    await scene.publish({ items: [{ entry }] });
    for (const overwrite of ['never', 'changed', 'always'] as const) {
      await scene.restore({ target: join(scene.workspace, 't'), rules: { links: 'keep', overwrite } });
    }
    expect(await treeOf(outside)).toEqual(before);
  });
});

describe('a link that comes into being during the restore (node-tar 119c401)', () => {
  /** Runs at the first request for the file's bytes: after all checks, before the file gets its name. */
  async function raced(race: (target: string, scene: Scene) => Promise<void>) {
    const scene = await Scene.create();
    const target = join(scene.workspace, 'target');
    await scene.publish({ items: [file('d/authorized_keys', 'theirs')] });
    const store = new ObservedStore(scene.store);
    let once = false;
    const get: ObservedStore['get'] = async (key, ...rest) => {
      if (key.includes('/files/') && !once) {
        once = true;
        await race(target, scene);
      }
      return scene.store.get(key, ...rest);
    };
    store.get = get;
    return { scene, target, store };
  }

  it('in the place of the file is neither followed nor replaced', async () => {
    const { scene, target, store } = await raced(async (directoryPath, { directory: base }) =>
      makeLink(join(base, 'outside', 'authorized_keys'), join(directoryPath, 'd', 'authorized_keys')),
    );
    await using _ = scene;
    await expect(scene.restore({ target }, { store })).rejects.toEqual(failure('local', /EEXIST/));
    expect((await scene.everything())['outside/authorized_keys']).toBe('mine');
    expect(await treeOf(target)).toEqual({
      d: '/',
      'd/authorized_keys': `-> ${join(scene.directory, 'outside', 'authorized_keys')}`,
    });
  });

  it('a file that somebody else writes there in the meantime stays as it is', async () => {
    const { scene, target, store } = await raced((directoryPath) =>
      writeFile(join(directoryPath, 'd', 'authorized_keys'), 'somebody else'),
    );
    await using _ = scene;
    await expect(scene.restore({ target }, { store })).rejects.toEqual(failure('local', /EEXIST/));
    expect(await treeOf(target)).toEqual({ d: '/', 'd/authorized_keys': 'somebody else' });
    expect(scene.warnings).toEqual([expect.objectContaining({ kind: 'restore-incomplete' })]);
  });
});
