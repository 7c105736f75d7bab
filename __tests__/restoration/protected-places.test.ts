import { describe, expect, it } from '@jest/globals';
import { protectedPlaces, protectionProblem } from '../../src/restoration/protected-places.ts';
import { POSIX, WINDOWS } from '../../src/selection/paths.ts';
import type { Entry } from '../../src/series/model.ts';

const RUNNER_FILES = [
  '/home/runner/work/_temp/_runner_file_commands',
  '/home/runner/work/_temp/_github_workflow/event.json',
];

const problemOf = (
  path: string,
  target: string,
  { keepsOutCommands = true, type = 'file' }: { keepsOutCommands?: boolean; type?: Entry['type'] } = {},
) =>
  protectionProblem(path, type, protectedPlaces(target, { keepsOutCommands, runnerFiles: RUNNER_FILES, style: POSIX }));

describe('protectionProblem', () => {
  const repository = '/home/runner/work/app/app';

  it.each([
    '.git/hooks',
    '.git/hooks/pre-commit',
    'a/b/.git/hooks/x',
    '.git/config',
    '.git/config.worktree',
    '.git/commondir',
    '.git/modules/lib/hooks/pre-commit',
    '.git/modules/deep/lib/modules/inner/config',
    '.git/worktrees/w/config.worktree',
    '.git/modules/.git/hooks/x',
    'node_modules/.bin/x',
    '.GIT/HOOKS/x',
    '.g\u200dit/hooks/x',
    '.git',
    'sub/node_modules',
  ])('%j belongs to the job', (path) => {
    expect(problemOf(path, repository)).toMatch(/decides what later commands run$/);
    expect(problemOf(path, repository, { keepsOutCommands: false })).toBeUndefined();
  });

  it.each([
    'hooks/x',
    '.github/workflows/a.yml',
    'node_modules/a/index.js',
    '.git/HEAD',
    '.git/refs/heads/hooks/x',
    '.git/refs/heads/config',
    '.git/modules/lib/HEAD',
    'modules/lib/hooks/x',
    '.gitignore',
    'x/.bin/y',
    'a.git/hooks/x',
  ])('%j does not', (path) => {
    expect(problemOf(path, repository)).toBeUndefined();
  });

  it('takes no link in the place of a directory that holds some', () => {
    for (const path of ['.git', '.git/modules', '.git/modules/lib', 'node_modules']) {
      expect(problemOf(path, repository, { type: 'symlink' })).toMatch(/decides what later commands run$/);
    }
    expect(problemOf('.git/refs', repository, { type: 'symlink' })).toBeUndefined();
  });

  it('lets directories be made on the way', () => {
    expect(problemOf('.git', repository, { type: 'directory' })).toBeUndefined();
    expect(problemOf('_temp', '/home/runner/work', { type: 'directory' })).toBeUndefined();
  });

  it('takes the word of the target: what it names is meant', () => {
    expect(problemOf('hooks/pre-commit', `${repository}/.git`)).toBeUndefined();
    expect(problemOf('pre-commit', `${repository}/.git/hooks`)).toBeUndefined();
    expect(problemOf('modules/x/.git/hooks/y', `${repository}/.git`)).toEqual(expect.any(String));
    expect(problemOf('set_env_1', '/home/runner/work/_temp/_runner_file_commands')).toBeUndefined();
  });

  it.each([
    ['_runner_file_commands/set_env_1', '/home/runner/work/_temp'],
    ['_temp/_runner_file_commands/set_env_1', '/home/runner/work'],
    ['_Temp/_Runner_File_Commands/set_env_1', '/home/runner/work'],
    ['home/runner/work/_temp/_github_workflow/event.json', '/'],
    ['_temp', '/home/runner/work'],
    ['_github_workflow', '/home/runner/work/_temp'],
  ])("%j below %j is the runner's", (path, target) => {
    for (const keepsOutCommands of [false, true]) {
      expect(problemOf(path, target, { keepsOutCommands })).toBe("it is one of the runner's own files");
    }
  });

  it.each([
    ['_runner_file_commands/set_env_1', repository],
    ['_runner_file_commands2/x', '/home/runner/work/_temp'],
    ['x/_runner_file_commands/y', '/home/runner/work/_temp'],
    ['other.json', '/home/runner/work/_temp/_github_workflow'],
  ])('%j below %j is not', (path, target) => {
    expect(problemOf(path, target)).toBeUndefined();
  });

  it('compares as Windows does there', () => {
    const options = { keepsOutCommands: false, runnerFiles: ['D:\\a\\_temp\\_runner_file_commands'], style: WINDOWS };
    const places = protectedPlaces('d:\\A', options);
    expect(protectionProblem('_TEMP/_runner_file_commands/x', 'file', places)).toEqual(expect.any(String));
    expect(protectionProblem('_temp2/x', 'file', places)).toBeUndefined();
  });
});
