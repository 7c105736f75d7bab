import { describe, expect, it } from '@jest/globals';
import { buildEnvironment, DEFAULT_RUN, defaultEvent, githubContext } from '../../../dev/runner/environment.ts';
import type { JobFolder } from '../../../dev/runner/job-folder.ts';

const FOLDER: JobFolder = {
  root: '/job',
  home: '/job/home',
  temp: '/job/temp',
  toolCache: '/job/tools',
  eventPath: '/job/event.json',
  memoryReport: '/job/memory',
  fileCommands: { output: '/o', state: '/s', env: '/e', path: '/p', step_summary: '/m' },
};

describe('githubContext', () => {
  const context = (ref: string, serverUrl = DEFAULT_RUN.serverUrl) =>
    Object.fromEntries(githubContext({ ...DEFAULT_RUN, ref, serverUrl }, '/ws', '/event'));

  it.each([
    ['refs/heads/feature/x', 'feature/x', 'branch'],
    ['refs/tags/v1', 'v1', 'tag'],
    ['refs/pull/7/merge', '7/merge', 'branch'],
  ])('splits %s', (ref, ref_name, ref_type) => {
    expect(context(ref)).toMatchObject({ ref, ref_name, ref_type });
  });

  it('derives the owner, the workflow reference and the URLs', () => {
    expect(context('refs/heads/main')).toMatchObject({
      repository_owner: 'octo-org',
      workflow_ref: 'octo-org/octo-repo/.github/workflows/backup.yml@refs/heads/main',
      api_url: 'https://api.github.com',
      graphql_url: 'https://api.github.com/graphql',
    });
    expect(context('refs/heads/main', 'https://ghes.example')).toMatchObject({
      api_url: 'https://ghes.example/api/v3',
      graphql_url: 'https://ghes.example/api/graphql',
    });
  });
});

describe('buildEnvironment', () => {
  const step = {
    github: githubContext(DEFAULT_RUN, '/ws', FOLDER.eventPath),
    folder: FOLDER,
    inputs: new Map([['keep-last', '3']]),
    state: { isPost: 'true' },
    debug: false,
    path: '/bin',
    env: { AWS_REGION: 'eu-west-1', GITHUB_SHA: 'forged' },
  };

  it('has what the runner gives, and the step cannot change that', () => {
    expect(buildEnvironment(step)).toMatchObject({
      CI: 'true',
      GITHUB_ACTIONS: 'true',
      GITHUB_SHA: DEFAULT_RUN.sha,
      GITHUB_WORKSPACE: '/ws',
      GITHUB_EVENT_PATH: '/job/event.json',
      GITHUB_OUTPUT: '/o',
      GITHUB_STATE: '/s',
      GITHUB_ENV: '/e',
      GITHUB_PATH: '/p',
      GITHUB_STEP_SUMMARY: '/m',
      RUNNER_TEMP: '/job/temp',
      RUNNER_OS: expect.stringMatching(/^(Linux|macOS|Windows)$/),
      RUNNER_ARCH: expect.stringMatching(/^(X64|ARM64)$/),
      PATH: '/bin',
      [process.platform === 'win32' ? 'USERPROFILE' : 'HOME']: '/job/home',
      AWS_REGION: 'eu-west-1',
      'INPUT_KEEP-LAST': '3',
      STATE_isPost: 'true',
    });
  });

  it('tells of OIDC and of debugging only where they are granted', () => {
    const names = Object.keys(buildEnvironment(step)).join(' ');
    expect(names).not.toMatch(/ID_TOKEN|RUNNER_DEBUG/);
    const oidc = { url: 'http://issuer', requestToken: 'secret' };
    expect(buildEnvironment({ ...step, oidc, debug: true })).toMatchObject({
      ACTIONS_ID_TOKEN_REQUEST_URL: 'http://issuer',
      ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'secret',
      RUNNER_DEBUG: '1',
    });
  });
});

describe('defaultEvent', () => {
  it('agrees with the run', () => {
    expect(defaultEvent(DEFAULT_RUN)).toMatchObject({
      ref: DEFAULT_RUN.ref,
      after: DEFAULT_RUN.sha,
      repository: { full_name: 'octo-org/octo-repo', name: 'octo-repo', owner: { login: 'octo-org' } },
    });
  });
});
