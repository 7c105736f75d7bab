import { basename, dirname } from 'node:path';
import { FILE_COMMANDS } from './file-commands.ts';
import { inputVariable } from './inputs.ts';
import type { JobFolder } from './job-folder.ts';

/** The workflow run that the step belongs to. */
export interface RunContext {
  /** `owner/name` */
  readonly repository: string;
  readonly repositoryId: string;
  readonly repositoryOwnerId: string;
  /** 40 hex digits */
  readonly sha: string;
  /** In full: `refs/heads/main`, `refs/tags/v1`, `refs/pull/7/merge` */
  readonly ref: string;
  readonly headRef: string;
  readonly baseRef: string;
  readonly workflow: string;
  readonly workflowFile: string;
  readonly job: string;
  readonly runId: string;
  readonly runNumber: string;
  readonly runAttempt: string;
  readonly eventName: string;
  readonly actor: string;
  readonly actorId: string;
  readonly serverUrl: string;
}

export const DEFAULT_RUN: RunContext = {
  repository: 'octo-org/octo-repo',
  repositoryId: '123456789',
  repositoryOwnerId: '987654',
  sha: 'ffac537e6cbbf934b08745a378932722df287a53',
  ref: 'refs/heads/main',
  headRef: '',
  baseRef: '',
  workflow: 'Backup',
  workflowFile: '.github/workflows/backup.yml',
  job: 'backup',
  runId: '1658821493',
  runNumber: '7',
  runAttempt: '1',
  eventName: 'push',
  actor: 'octocat',
  actorId: '583231',
  serverUrl: 'https://github.com',
};

/** Permission to ask for ID tokens (`permissions: id-token: write`). */
export interface OidcGrant {
  /** ACTIONS_ID_TOKEN_REQUEST_URL */
  readonly url: string;
  /** ACTIONS_ID_TOKEN_REQUEST_TOKEN */
  readonly requestToken: string;
}

export interface StepEnvironment {
  /** See {@link githubContext}. */
  readonly github: ReadonlyMap<string, string>;
  readonly folder: JobFolder;
  readonly inputs: ReadonlyMap<string, string>;
  /** What the main phase saved for the post phase. */
  readonly state: Readonly<Record<string, string>>;
  readonly oidc?: OidcGrant | undefined;
  readonly debug: boolean;
  /** The PATH of this machine, the one thing that a step inherits. */
  readonly path: string;
  /** The step's own `env:`; wins over everything but the runner's own. */
  readonly env: Readonly<Record<string, string>>;
}

/**
 * The `github` context, as far as a JavaScript action can see it as GITHUB_… variables (the list is actions/runner's,
 * `GitHubContext.cs`). GITHUB_ACTION_PATH is not there: only composite actions get it. Neither is the token.
 */
export function githubContext(run: RunContext, workspace: string, eventPath: string): Map<string, string> {
  const workflowRef = `${run.repository}/${run.workflowFile}@${run.ref}`;
  return new Map([
    ['action', '__self'],
    ['action_ref', ''],
    ['action_repository', ''],
    ['actor', run.actor],
    ['actor_id', run.actorId],
    ['api_url', apiUrl(run.serverUrl)],
    ['base_ref', run.baseRef],
    ['event_name', run.eventName],
    ['event_path', eventPath],
    ['graphql_url', `${apiUrl(run.serverUrl).replace(/\/v3$/, '')}/graphql`],
    ['head_ref', run.headRef],
    ['job', run.job],
    ['ref', run.ref],
    ['ref_name', run.ref.replace(/^refs\/(heads|tags|pull)\//, '')],
    ['ref_protected', 'false'],
    ['ref_type', run.ref.startsWith('refs/tags/') ? 'tag' : 'branch'],
    ['repository', run.repository],
    ['repository_id', run.repositoryId],
    ['repository_owner', dirname(run.repository)],
    ['repository_owner_id', run.repositoryOwnerId],
    ['retention_days', '90'],
    ['run_attempt', run.runAttempt],
    ['run_id', run.runId],
    ['run_number', run.runNumber],
    ['server_url', run.serverUrl],
    ['sha', run.sha],
    ['triggering_actor', run.actor],
    ['workflow', run.workflow],
    ['workflow_ref', workflowRef],
    ['workflow_sha', run.sha],
    ['workspace', workspace],
  ]);
}

/** All variables of the action's process: nothing else of this machine's environment gets in. */
export function buildEnvironment(step: StepEnvironment): Record<string, string> {
  return {
    PATH: step.path,
    [process.platform === 'win32' ? 'USERPROFILE' : 'HOME']: step.folder.home,
    CI: 'true',
    ...step.env,
    GITHUB_ACTIONS: 'true',
    ...prefixed('GITHUB_', step.github),
    ...fileCommandVariables(step.folder),
    ...runnerVariables(step),
    ...oidcVariables(step.oidc),
    ...Object.fromEntries(Array.from(step.inputs, ([name, value]) => [inputVariable(name), value])),
    ...Object.fromEntries(Object.entries(step.state).map(([name, value]) => [`STATE_${name}`, value])),
  };
}

/** The payload of the event, as far as it follows from the run. */
export function defaultEvent(run: RunContext): object {
  const owner = { login: dirname(run.repository), id: Number(run.repositoryOwnerId) };
  return {
    ref: run.ref,
    after: run.sha,
    repository: {
      id: Number(run.repositoryId),
      name: basename(run.repository),
      full_name: run.repository,
      owner,
      html_url: `${run.serverUrl}/${run.repository}`,
      default_branch: 'main',
    },
    sender: { login: run.actor, id: Number(run.actorId) },
  };
}

function fileCommandVariables(folder: JobFolder): Record<string, string> {
  return prefixed('GITHUB_', new Map(FILE_COMMANDS.map((command) => [command, folder.fileCommands[command]])));
}

function runnerVariables({ folder, debug }: StepEnvironment): Record<string, string> {
  return {
    RUNNER_OS: runnerOs(process.platform),
    RUNNER_ARCH: process.arch.toUpperCase(),
    RUNNER_NAME: 'GitHub Actions 1',
    RUNNER_ENVIRONMENT: 'github-hosted',
    RUNNER_TEMP: folder.temp,
    RUNNER_TOOL_CACHE: folder.toolCache,
    ...(debug ? { RUNNER_DEBUG: '1' } : {}),
  };
}

function oidcVariables(oidc: OidcGrant | undefined): Record<string, string> {
  return oidc === undefined
    ? {}
    : { ACTIONS_ID_TOKEN_REQUEST_URL: oidc.url, ACTIONS_ID_TOKEN_REQUEST_TOKEN: oidc.requestToken };
}

function runnerOs(platform: NodeJS.Platform): string {
  const names: Partial<Record<NodeJS.Platform, string>> = { darwin: 'macOS', win32: 'Windows' };
  return names[platform] ?? 'Linux';
}

/** GitHub Enterprise Server has its API under the host of its pages. */
function apiUrl(serverUrl: string): string {
  return serverUrl === 'https://github.com' ? 'https://api.github.com' : `${serverUrl}/api/v3`;
}

function prefixed(prefix: string, context: ReadonlyMap<string, string>): Record<string, string> {
  return Object.fromEntries(Array.from(context, ([name, value]) => [prefix + name.toUpperCase(), value]));
}
