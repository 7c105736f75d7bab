import { tmpdir } from 'node:os';
import { describe, expect, it } from '@jest/globals';
import {
  commandVariables,
  environmentSecrets,
  readEnvironment,
  readWorkflowRun,
  runnerFiles,
  type Variables,
} from '../../src/github/environment.ts';

const RUNNER: Variables = {
  GITHUB_WORKSPACE: '/home/runner/work/demo/demo',
  RUNNER_TEMP: '/home/runner/work/_temp',
  GITHUB_STEP_SUMMARY: '/home/runner/work/_temp/summary.md',
  RUNNER_DEBUG: '1',
  ACTIONS_ID_TOKEN_REQUEST_URL: 'https://token.example.com/?v=1',
  ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'request-token',
  http_proxy: 'http://user:proxy%2Fpassword@proxy.example.com:3128',
  HTTP_PROXY: 'http://upper.example.com',
  HTTPS_PROXY: 'upper.example.com:3128',
  no_proxy: '.example.com',
  AWS_REGION: 'eu-west-1',
  AWS_DEFAULT_REGION: 'us-east-1',
  AWS_SECRET_ACCESS_KEY: 'the-secret-key',
  AWS_SESSION_TOKEN: 'the-session-token',
  GITHUB_SERVER_URL: 'https://ghe.example.com/',
  GITHUB_REPOSITORY_ID: '789012',
  GITHUB_REPOSITORY_OWNER_ID: '123456',
};

const RUN: Variables = {
  GITHUB_SHA: '0123456789012345678901234567890123456789',
  GITHUB_REF: 'refs/pull/7/merge',
  GITHUB_WORKFLOW: 'CI',
  GITHUB_JOB: 'backup',
  GITHUB_RUN_ID: '16588214931',
  GITHUB_RUN_ATTEMPT: '2',
  GITHUB_EVENT_NAME: 'pull_request',
  GITHUB_ACTOR: 'octocat',
  GITHUB_SERVER_URL: 'https://ghe.example.com/',
  GITHUB_REPOSITORY: 'octo-org/demo',
};

describe('readEnvironment', () => {
  it('reads what a runner sets', () => {
    expect(readEnvironment(RUNNER)).toEqual({
      workspace: '/home/runner/work/demo/demo',
      temporaryDirectory: '/home/runner/work/_temp',
      hasStepSummary: true,
      isDebug: true,
      hasIdToken: true,
      proxy: {
        httpProxy: 'http://user:proxy%2Fpassword@proxy.example.com:3128',
        httpsProxy: 'upper.example.com:3128',
        noProxy: '.example.com',
      },
      regionHint: 'eu-west-1',
      serverUrl: 'https://ghe.example.com',
      repositoryId: '789012',
      repositoryOwnerId: '123456',
    });
  });

  it.each([{}, { GITHUB_WORKSPACE: '', RUNNER_TEMP: ' ', AWS_REGION: '', https_proxy: '', GITHUB_SERVER_URL: '' }])(
    'works outside a workflow: %j',
    (variables) => {
      expect(readEnvironment(variables)).toEqual({
        workspace: process.cwd(),
        temporaryDirectory: tmpdir(),
        hasStepSummary: false,
        isDebug: false,
        hasIdToken: false,
        proxy: {},
        serverUrl: 'https://github.com',
        repositoryId: '',
        repositoryOwnerId: '',
      });
    },
  );

  it('takes an empty variable in lower case as none, and reads the upper case then', () => {
    const variables = {
      https_proxy: '',
      HTTPS_PROXY: 'http://proxy:1',
      AWS_REGION: '',
      AWS_DEFAULT_REGION: 'us-east-1',
    };
    expect(readEnvironment(variables)).toMatchObject({
      proxy: { httpsProxy: 'http://proxy:1' },
      regionHint: 'us-east-1',
    });
  });

  it('reads the process by default', () => expect(readEnvironment().workspace).not.toBe(''));
});

describe('environmentSecrets', () => {
  it('finds keys, tokens and passwords of proxies, as they are and decoded', () => {
    expect(environmentSecrets(RUNNER)).toEqual([
      'the-secret-key',
      'the-session-token',
      'request-token',
      'proxy%2Fpassword',
      'proxy/password',
    ]);
  });

  it('finds the password of a proxy that is no full URL', () => {
    expect(environmentSecrets({ https_proxy: 'user:100%secret@proxy:3128' })).toEqual(['100%secret']);
  });

  it.each([{}, { http_proxy: '::::' }, { AWS_SECRET_ACCESS_KEY: '' }])('finds none in %j', (variables) => {
    expect(environmentSecrets(variables)).toEqual([]);
  });

  it('is in no field of the environment but the proxy', () => {
    const { proxy: _, ...logged } = readEnvironment(RUNNER);
    const text = JSON.stringify(logged);
    expect(environmentSecrets(RUNNER).filter((secret) => text.includes(secret))).toEqual([]);
  });
});

describe('readWorkflowRun', () => {
  it('takes the merge commit of a pull request, which is what was checked out', () => {
    expect(readWorkflowRun(RUN)).toEqual({
      repository: 'octo-org/demo',
      commit: '0123456789012345678901234567890123456789',
      ref: 'refs/pull/7/merge',
      workflow: 'CI',
      job: 'backup',
      runId: '16588214931',
      runAttempt: '2',
      event: 'pull_request',
      actor: 'octocat',
      url: 'https://ghe.example.com/octo-org/demo/actions/runs/16588214931/attempts/2',
    });
  });

  it('links the run where the attempt is not known', () => {
    expect(readWorkflowRun({ ...RUN, GITHUB_RUN_ATTEMPT: '' }).url).toBe(
      'https://ghe.example.com/octo-org/demo/actions/runs/16588214931',
    );
  });

  it.each([{}, { GITHUB_SERVER_URL: 'https://github.com', GITHUB_RUN_ID: ' ' }])(
    'has empty strings for all that is missing: %j',
    (variables) => expect(new Set(Object.values(readWorkflowRun(variables)))).toEqual(new Set([''])),
  );
});

describe('runnerFiles', () => {
  it('are those by which steps give orders, and the directory they are all in', () => {
    const commands = '/home/runner/work/_temp/_runner_file_commands';
    const variables = { GITHUB_ENV: `${commands}/set_env_1`, GITHUB_EVENT_PATH: '/github/event.json', GITHUB_SHA: 'x' };
    expect(runnerFiles({ ...RUNNER, ...variables })).toEqual([
      commands,
      `${commands}/set_env_1`,
      '/home/runner/work/_temp/summary.md',
      '/github/event.json',
    ]);
  });

  it('are none outside a workflow', () => {
    expect(runnerFiles({})).toEqual([]);
  });
});

describe('commandVariables', () => {
  it('are those of the job, without inputs and what proves who it is', () => {
    const variables = {
      ...RUNNER,
      PATH: '/usr/bin',
      UNSET: undefined,
      INPUT_COMMAND: 'pg_dump',
      'INPUT_ROLE-TO-ASSUME': 'arn',
      VSB_ID_TOKEN: 'token',
      ACTIONS_RUNTIME_TOKEN: 'token',
    };
    const given = commandVariables(variables);
    expect(given).toMatchObject({ PATH: '/usr/bin', AWS_REGION: 'eu-west-1', AWS_SECRET_ACCESS_KEY: 'the-secret-key' });
    expect(Object.keys(given).filter((name) => /INPUT|VSB|ID_TOKEN|RUNTIME|UNSET/.test(name))).toEqual([]);
  });
});
