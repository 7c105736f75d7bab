import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ProxySettings } from '../aws/proxy.ts';
import type { RunInfo } from '../series/model.ts';

/** Variables by name, as `process.env` has them. */
export type Variables = Readonly<Record<string, string | undefined>>;

/** What the runner says about the machine and the job, read once. */
export interface RunnerEnvironment {
  /** Absolute path of the checkout; the current directory outside a workflow. */
  readonly workspace: string;
  /** Emptied by the runner after the job; the system's own outside a workflow. */
  readonly temporaryDirectory: string;
  /** Whether a job summary can be written. */
  readonly hasStepSummary: boolean;
  readonly isDebug: boolean;
  /** Whether the job may ask for an OIDC token (`permissions: id-token: write`). */
  readonly hasIdToken: boolean;
  /** May hold a password: never log it. */
  readonly proxy: ProxySettings;
  /** `AWS_REGION`, else `AWS_DEFAULT_REGION`. */
  readonly regionHint?: string;
  /** `https://github.com`, or that of an enterprise server, without a slash at its end. */
  readonly serverUrl: string;
  /** Numeric IDs in the immutable form of the OIDC `sub`; empty outside a workflow. */
  readonly repositoryId: string;
  readonly repositoryOwnerId: string;
}

/** The only place that reads `process.env`. Works outside a workflow too, with empty strings. */
export function readEnvironment(variables: Variables = process.env): RunnerEnvironment {
  const regionHint = first(variables, 'AWS_REGION', 'AWS_DEFAULT_REGION');
  return {
    workspace: first(variables, 'GITHUB_WORKSPACE') ?? process.cwd(),
    temporaryDirectory: first(variables, 'RUNNER_TEMP') ?? tmpdir(),
    hasStepSummary: first(variables, 'GITHUB_STEP_SUMMARY') !== undefined,
    isDebug: variables.RUNNER_DEBUG === '1',
    hasIdToken:
      first(variables, 'ACTIONS_ID_TOKEN_REQUEST_URL') !== undefined &&
      first(variables, 'ACTIONS_ID_TOKEN_REQUEST_TOKEN') !== undefined,
    proxy: proxySettings(variables),
    ...(regionHint === undefined ? {} : { regionHint }),
    serverUrl: serverUrl(variables),
    repositoryId: first(variables, 'GITHUB_REPOSITORY_ID') ?? '',
    repositoryOwnerId: first(variables, 'GITHUB_REPOSITORY_OWNER_ID') ?? '',
  };
}

/**
 * Values in the environment that no log may show, to be masked first of all. The token for OIDC requests is among them:
 * the runner masks it, other programs that start the step may not.
 */
export function environmentSecrets(variables: Variables = process.env): readonly string[] {
  const { httpProxy, httpsProxy } = proxySettings(variables);
  const secrets = [
    first(variables, 'AWS_SECRET_ACCESS_KEY') ?? '',
    first(variables, 'AWS_SESSION_TOKEN') ?? '',
    first(variables, 'ACTIONS_ID_TOKEN_REQUEST_TOKEN') ?? '',
    ...passwordsOf(httpProxy),
    ...passwordsOf(httpsProxy),
  ];
  return [...new Set(secrets)].filter((secret) => secret !== '');
}

/** What the step is told by the runner and commands have no use for: its inputs, and by what it proves who it is. */
const WITHHELD_VARIABLES = /^(INPUT_|VSB_|ACTIONS_ID_TOKEN_REQUEST_|ACTIONS_RUNTIME_)/i;

/** The environment of a command that is run, as a `run:` step would have it, but without inputs and ID tokens. */
export function commandVariables(variables: Variables = process.env): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(variables).flatMap(([name, value]) =>
      value === undefined || WITHHELD_VARIABLES.test(name) ? [] : [[name, value]],
    ),
  );
}

/** Variables that name a file the runner acts on when the step has ended, or that later steps believe. */
const RUNNER_FILE_VARIABLES = [
  'GITHUB_ENV',
  'GITHUB_PATH',
  'GITHUB_OUTPUT',
  'GITHUB_STATE',
  'GITHUB_STEP_SUMMARY',
  'GITHUB_EVENT_PATH',
] as const;
/** Where the runner keeps such files of all steps, below its temporary directory (actions/runner, `FileCommandManager.cs`). */
const FILE_COMMANDS_DIRECTORY = '_runner_file_commands';

/** Absolute paths of files and directories by which steps give orders to the runner; empty outside a workflow. */
export function runnerFiles(variables: Variables = process.env): readonly string[] {
  const temporary = first(variables, 'RUNNER_TEMP');
  const directories = temporary === undefined ? [] : [join(temporary, FILE_COMMANDS_DIRECTORY)];
  return [...directories, ...RUNNER_FILE_VARIABLES.flatMap((name) => first(variables, name) ?? [])];
}

/**
 * Who makes the version; what is not known, as outside a workflow, is empty. On `pull_request` the commit is the merge
 * commit (`GITHUB_SHA`), not the head of the branch: it is what the workflow checked out and built. (GitHub Docs,
 * "Variables reference")
 */
export function readWorkflowRun(variables: Variables = process.env): RunInfo {
  const value = (name: string) => first(variables, name) ?? '';
  const repository = value('GITHUB_REPOSITORY');
  const runId = value('GITHUB_RUN_ID');
  const runAttempt = value('GITHUB_RUN_ATTEMPT');
  return {
    repository,
    commit: value('GITHUB_SHA'),
    ref: value('GITHUB_REF'),
    workflow: value('GITHUB_WORKFLOW'),
    job: value('GITHUB_JOB'),
    runId,
    runAttempt,
    event: value('GITHUB_EVENT_NAME'),
    actor: value('GITHUB_ACTOR'),
    url: repository === '' || runId === '' ? '' : runUrl(serverUrl(variables), repository, runId, runAttempt),
  };
}

function runUrl(server: string, repository: string, runId: string, runAttempt: string): string {
  const page = `${server}/${repository}/actions/runs/${runId}`;
  return runAttempt === '' ? page : `${page}/attempts/${runAttempt}`;
}

function serverUrl(variables: Variables): string {
  return (first(variables, 'GITHUB_SERVER_URL') ?? 'https://github.com').replace(/\/+$/, '');
}

/** Lower case first, and no proxy of one scheme for the other: as the runner does (actions/runner, ADR 0263). */
function proxySettings(variables: Variables): ProxySettings {
  const httpProxy = first(variables, 'http_proxy', 'HTTP_PROXY');
  const httpsProxy = first(variables, 'https_proxy', 'HTTPS_PROXY');
  const noProxy = first(variables, 'no_proxy', 'NO_PROXY');
  return {
    ...(httpProxy === undefined ? {} : { httpProxy }),
    ...(httpsProxy === undefined ? {} : { httpsProxy }),
    ...(noProxy === undefined ? {} : { noProxy }),
  };
}

/** As it stands in the URL, which is what would show up in a log, and decoded. */
function passwordsOf(proxy = ''): readonly string[] {
  const { password = '' } = URL.parse(proxy.includes('://') ? proxy : `http://${proxy}`) ?? {};
  return [password, decoded(password)];
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // a lone percent sign: then the text is the password itself
  }
}

/** The first of the variables that is set to more than spaces. */
function first(variables: Variables, ...names: readonly string[]): string | undefined {
  return names.map((name) => variables[name]?.trim()).find((value) => value !== undefined && value !== '');
}
