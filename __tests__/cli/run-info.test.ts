import { describe, expect, it } from '@jest/globals';
import { readRunInfo } from '../../src/cli/run-info.ts';
import type { Variables } from '../../src/github/environment.ts';
import type { RunInfo } from '../../src/series/model.ts';

const SHA = '0123456789012345678901234567890123456789';
const CHECKOUT = { repository: 'octo/checkout', commit: 'c0ffee', ref: 'refs/heads/local' };

const GITHUB: Variables = {
  GITHUB_RUN_ID: '7',
  GITHUB_RUN_ATTEMPT: '2',
  GITHUB_REPOSITORY: 'octo/widgets',
  GITHUB_SHA: SHA,
  GITHUB_REF: 'refs/heads/main',
  GITHUB_WORKFLOW: 'CI',
  GITHUB_JOB: 'build',
  GITHUB_EVENT_NAME: 'push',
  GITHUB_ACTOR: 'octocat',
  GITHUB_SERVER_URL: 'https://github.com',
};
const GITLAB: Variables = {
  GITLAB_CI: 'true',
  CI_PROJECT_PATH: 'group/sub/widgets',
  CI_COMMIT_SHA: SHA,
  CI_COMMIT_BRANCH: 'main',
  CI_COMMIT_REF_NAME: 'main',
  CI_PIPELINE_NAME: 'Nightly',
  CI_JOB_NAME: 'backup',
  CI_PIPELINE_ID: '4711',
  CI_PIPELINE_SOURCE: 'schedule',
  GITLAB_USER_LOGIN: 'octocat',
  CI_JOB_URL: 'https://gitlab.com/group/sub/widgets/-/jobs/1',
};
const JENKINS: Variables = {
  JENKINS_URL: 'https://ci.example.com/',
  GIT_URL: 'git@example.com:octo/widgets.git',
  GIT_COMMIT: SHA,
  GIT_BRANCH: 'origin/main',
  JOB_NAME: 'folder/widgets',
  STAGE_NAME: 'Backup',
  BUILD_NUMBER: '153',
  BUILD_USER_ID: 'octocat',
  BUILD_URL: 'https://ci.example.com/job/folder/job/widgets/153/',
};
const BITBUCKET: Variables = {
  BITBUCKET_BUILD_NUMBER: '12',
  BITBUCKET_STEP_RUN_NUMBER: '1',
  BITBUCKET_REPO_FULL_NAME: 'octo/widgets',
  BITBUCKET_COMMIT: SHA,
  BITBUCKET_BRANCH: 'main',
  BITBUCKET_STEP_TRIGGERER_UUID: '{u-u-i-d}',
};

const CASES: readonly (readonly [where: string, variables: Variables, run: RunInfo])[] = [
  [
    'GitHub',
    GITHUB,
    {
      repository: 'octo/widgets',
      commit: SHA,
      ref: 'refs/heads/main',
      workflow: 'CI',
      job: 'build',
      runId: '7',
      runAttempt: '2',
      event: 'push',
      actor: 'octocat',
      url: 'https://github.com/octo/widgets/actions/runs/7/attempts/2',
    },
  ],
  [
    'GitLab',
    GITLAB,
    {
      repository: 'group/sub/widgets',
      commit: SHA,
      ref: 'refs/heads/main',
      workflow: 'Nightly',
      job: 'backup',
      runId: '4711',
      runAttempt: '',
      event: 'schedule',
      actor: 'octocat',
      url: 'https://gitlab.com/group/sub/widgets/-/jobs/1',
    },
  ],
  [
    'Jenkins',
    JENKINS,
    {
      repository: 'octo/widgets',
      commit: SHA,
      ref: 'refs/heads/main',
      workflow: 'folder/widgets',
      job: 'Backup',
      runId: '153',
      runAttempt: '',
      event: '',
      actor: 'octocat',
      url: 'https://ci.example.com/job/folder/job/widgets/153/',
    },
  ],
  [
    'Bitbucket',
    BITBUCKET,
    {
      repository: 'octo/widgets',
      commit: SHA,
      ref: 'refs/heads/main',
      workflow: '',
      job: '',
      runId: '12',
      runAttempt: '1',
      event: '',
      actor: '{u-u-i-d}',
      url: 'https://bitbucket.org/octo/widgets/pipelines/results/12',
    },
  ],
  [
    'a laptop',
    { USER: 'octo' },
    { ...CHECKOUT, workflow: '', job: '', runId: '', runAttempt: '', event: '', actor: 'octo', url: '' },
  ],
];

const readInCheckout = (variables: Variables) =>
  readRunInfo(variables, { git: async () => CHECKOUT, userName: () => 'nobody' });

describe('readRunInfo', () => {
  it.each(CASES)('on %s', async (_where, variables, run) => {
    expect(await readInCheckout(variables)).toEqual(run);
  });

  it.each([
    ['a tag on GitLab', { ...GITLAB, CI_COMMIT_TAG: 'v1', CI_COMMIT_BRANCH: undefined }, 'refs/tags/v1'],
    [
      'a merge request',
      { ...GITLAB, CI_MERGE_REQUEST_REF_PATH: 'refs/merge-requests/1/head' },
      'refs/merge-requests/1/head',
    ],
    ['a tag on Jenkins', { ...JENKINS, TAG_NAME: 'v1' }, 'refs/tags/v1'],
    ['a branch of a multibranch project', { ...JENKINS, BRANCH_NAME: 'feature' }, 'refs/heads/feature'],
    ['a change request', { ...JENKINS, BRANCH_NAME: 'PR-1', CHANGE_BRANCH: 'fix' }, 'refs/heads/fix'],
    ['a tag on Bitbucket', { ...BITBUCKET, BITBUCKET_TAG: 'v1', BITBUCKET_BRANCH: undefined }, 'refs/tags/v1'],
  ])('knows %s', async (_what, variables, ref) => {
    expect((await readInCheckout(variables)).ref).toBe(ref);
  });

  it('asks git for what the service leaves open', async () => {
    const pipeline = { JENKINS_URL: 'https://ci.example.com/', BUILD_NUMBER: '1', USER: 'jenkins' };
    expect(await readInCheckout(pipeline)).toMatchObject({ ...CHECKOUT, runId: '1', actor: '' });
  });

  it('asks nobody where nothing is open', async () => {
    const git = () => Promise.reject(new Error('asked git'));
    const userName = () => {
      throw new Error('asked the system');
    };
    expect(await readRunInfo(GITLAB, { git, userName })).toMatchObject({ commit: SHA });
    await expect(readRunInfo({}, { git, userName })).rejects.toThrow('asked git');
    expect(await readRunInfo({ USER: 'octo' }, { git: async () => CHECKOUT, userName })).toMatchObject({
      actor: 'octo',
    });
  });

  it.each(['USER', 'LOGNAME', 'USERNAME'])('knows the user by %s', async (name) => {
    expect((await readInCheckout({ [name]: 'octo' })).actor).toBe('octo');
  });

  it('asks the system for the user where no variable says it, as under cron', async () => {
    expect((await readInCheckout({})).actor).toBe('nobody');
    expect((await readInCheckout({ USER: '' })).actor).toBe('nobody');
  });
});
