import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { RunInfo } from '../series/model.ts';
import { repositoryOf } from './remote.ts';

/** A repository on a network drive that does not answer must not hold up a backup. */
const TIMEOUT_MS = 5000;

/** What a checkout says of itself; empty where it does not. */
export type GitFacts = Pick<RunInfo, 'repository' | 'commit' | 'ref'>;

/** Never fails: without git, or outside a checkout, all is empty. */
export async function readGit(directory: string): Promise<GitFacts> {
  const git = (...args: readonly string[]) => output(args, directory);
  const [remote, commit, branch, tag] = await Promise.all([
    git('remote', 'get-url', 'origin'),
    git('rev-parse', '--verify', '--quiet', 'HEAD'),
    git('symbolic-ref', '--quiet', 'HEAD'),
    git('describe', '--tags', '--exact-match', 'HEAD'),
  ]);
  return { repository: repositoryOf(remote), commit, ref: branch || (tag && `refs/tags/${tag}`) };
}

async function output(args: readonly string[], cwd: string): Promise<string> {
  try {
    const { stdout } = await promisify(execFile)('git', args, { cwd, timeout: TIMEOUT_MS, windowsHide: true });
    return stdout.trim();
  } catch {
    return '';
  }
}
