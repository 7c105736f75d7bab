import { execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { readGit } from '../../src/cli/git.ts';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'git-'));
});
afterEach(() => rm(directory, { recursive: true }));

const IDENTITY = ['-c', 'user.name=Octo', '-c', 'user.email=octo@example.com', '-c', 'commit.gpgsign=false'];

function git(...args: readonly string[]): string {
  return execFileSync('git', ['-C', directory, ...IDENTITY, ...args], { encoding: 'utf8' }).trim();
}

function commit(): string {
  git('init', '--quiet', '--initial-branch=trunk');
  git('remote', 'add', 'origin', 'https://user:secret@example.com/octo/widgets.git');
  git('commit', '--quiet', '--allow-empty', '--message=first');
  return git('rev-parse', 'HEAD');
}

describe('readGit', () => {
  it('has repository, commit and branch of a checkout', async () => {
    const sha = commit();
    expect(await readGit(directory)).toEqual({ repository: 'octo/widgets', commit: sha, ref: 'refs/heads/trunk' });
  });

  it('has the tag of a detached checkout', async () => {
    const sha = commit();
    git('tag', 'v1');
    git('checkout', '--quiet', '--detach');
    expect(await readGit(directory)).toMatchObject({ commit: sha, ref: 'refs/tags/v1' });
  });

  it('has no commit before the first', async () => {
    git('init', '--quiet', '--initial-branch=trunk');
    expect(await readGit(directory)).toEqual({ repository: '', commit: '', ref: 'refs/heads/trunk' });
  });

  it('has nothing outside a checkout, or where there is no such directory', async () => {
    const nothing = { repository: '', commit: '', ref: '' };
    expect(await readGit(directory)).toEqual(nothing);
    expect(await readGit(join(directory, 'absent'))).toEqual(nothing);
  });
});
