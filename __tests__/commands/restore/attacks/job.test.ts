import { symlink as makeLink, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { failure } from '../../../series/series-fixture.ts';
import { file, Scene, symlink, treeOf } from '../scene.ts';
import { expectUntouched } from './refusal.ts';

describe('what the running job acts on (CVE-2024-42471)', () => {
  it.each([
    '.git/hooks/pre-commit',
    '.git/config',
    'sub/.git/hooks/post-checkout',
    '.GIT/Hooks/pre-commit',
    '.g\u200cit/hooks/pre-commit',
    'node_modules/.bin/jest',
    'packages/a/node_modules/.bin/tsc',
  ])('%j is not written where the target is the workspace', async (path) => {
    await using scene = await Scene.create();
    await scene.publish({ items: [file(path)] });
    await expectUntouched(scene, { message: /decides what later commands run/ }, { target: scene.workspace });
  });

  it('nor a link or a file in the place of the directory they are in', async () => {
    await using scene = await Scene.create();
    await scene.publish({ items: [file('evil/hooks/pre-commit'), symlink('sub/.git', '../evil')] });
    await expectUntouched(scene, { message: /"sub\/.git" is not restored/ }, { target: scene.workspace });
  });

  it('is written where the target itself names the directory', async () => {
    await using scene = await Scene.create();
    await scene.publish({ items: [file('.git/hooks/pre-commit', 'mine')] });
    const target = join(scene.workspace, '.git');
    await scene.restore({ target, rules: { stripComponents: 1 } });
    expect(await treeOf(target)).toEqual({ hooks: '/', 'hooks/pre-commit': 'mine' });
  });

  it.each(['.git/hooks/pre-commit', '.git/modules/lib/hooks/pre-commit', 'node_modules/.bin/jest'])(
    '%j is written only into a target that was asked for',
    async (path) => {
      await using scene = await Scene.create();
      await scene.publish({ items: [file(path)] });
      await expectUntouched(scene, { message: /decides what later commands run/ });
      const { restored } = await scene.restore({ target: join(scene.workspace, 'new') });
      expect(restored?.totals.files).toBe(1);
    },
  );

  describe('the files of the runner', () => {
    async function withRunner() {
      const scene = await Scene.create();
      const commands = join(scene.workspace, '_temp', '_runner_file_commands');
      await mkdir(commands, { recursive: true });
      await writeFile(join(commands, 'set_env_1'), '');
      return { scene, commands, ports: { runnerFiles: [commands, join(commands, 'set_env_1')] } };
    }

    it.each(['_temp/_runner_file_commands/set_env_1', '_temp/_runner_file_commands/add_path_2'])(
      '%j is not written where the target is above',
      async (path) => {
        const { scene, ports } = await withRunner();
        await using _ = scene;
        await scene.publish({ items: [file(path, 'PATH=/evil')] });
        const before = await scene.everything();
        for (const overwrite of ['never', 'always'] as const) {
          const outcome = scene.restore({ target: scene.workspace, rules: { overwrite } }, ports);
          await expect(outcome).rejects.toEqual(failure('permanent', /it is one of the runner's own files/));
        }
        expect(await scene.everything()).toEqual(before);
      },
    );

    it('are not reached by way of a link of the workspace either', async () => {
      const { scene, ports } = await withRunner();
      await using _ = scene;
      await makeLink(join(scene.workspace, '_temp'), join(scene.workspace, 'out'));
      await scene.publish({ items: [file('_runner_file_commands/set_env_1', 'PATH=/evil')] });
      const outcome = scene.restore({ target: join(scene.workspace, 'out') }, ports);
      await expect(outcome).rejects.toEqual(failure('permanent', /it is one of the runner's own files/));
    });

    it('are written where the target is their directory', async () => {
      const { scene, commands, ports } = await withRunner();
      await using _ = scene;
      await scene.publish({ items: [file('set_env_9', 'A=1')] });
      await scene.restore({ target: commands }, ports);
      expect(await treeOf(commands)).toEqual({ set_env_1: '', set_env_9: 'A=1' });
    });
  });
});
