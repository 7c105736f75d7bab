import { rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { temporaryName } from '../../../src/restoration/temporary-name.ts';
import { file, Scene, treeOf } from './scene.ts';

const TEMPORARY = basename(temporaryName('/x', 'by-name'));

describe('a restore into a directory that a killed one was at work in', () => {
  it.each(['never', 'changed'] as const)('leaves nothing of it there, with overwrite: %s', async (overwrite) => {
    await using scene = await Scene.create();
    await scene.publish({ items: [file('x', 'whole'), file('y')] });
    const target = join(scene.workspace, 'out');
    await scene.restore({ target });
    await rm(join(target, 'x'));
    await writeFile(join(target, TEMPORARY), 'half');
    await scene.restore({ target, rules: { overwrite } });
    expect(await treeOf(target)).toEqual({ x: 'whole', y: 'y' });
  });

  it.each([
    ['a file', TEMPORARY, { [TEMPORARY]: 'mine' }],
    ['a directory', `${TEMPORARY}/z`, { [TEMPORARY]: '/', [`${TEMPORARY}/z`]: 'mine' }],
  ])('takes no entry of the version for one: %s', async (_, path, tree) => {
    await using scene = await Scene.create();
    await scene.publish({ items: [file(path, 'mine'), file('x', 'whole')] });
    const target = join(scene.workspace, 'out');
    await scene.restore({ target });
    expect(await treeOf(target)).toEqual({ ...tree, x: 'whole' });
    await scene.restore({ target, patterns: ['x'], rules: { overwrite: 'always' } });
    expect(await treeOf(target)).toEqual({ ...tree, x: 'whole' });
  });
});
