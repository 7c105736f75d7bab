import { readWorkflowRun, type Variables } from '../github/environment.ts';
import type { RunInfo } from '../series/model.ts';
import type { GitFacts } from './git.ts';
import { repositoryOf } from './remote.ts';

/** A service that runs jobs, and what its variables say of one. */
interface Service {
  /** A variable that is set there and nowhere else. */
  readonly sign: string;
  readonly run: (value: (name: string) => string, variables: Variables) => Partial<RunInfo>;
}

const SERVICES: readonly Service[] = [
  { sign: 'GITHUB_RUN_ID', run: (_, variables) => readWorkflowRun(variables) },
  // GitLab Docs, "Predefined CI/CD variables reference"
  {
    sign: 'GITLAB_CI',
    run: (value) => ({
      repository: value('CI_PROJECT_PATH'),
      commit: value('CI_COMMIT_SHA'),
      ref:
        value('CI_MERGE_REQUEST_REF_PATH') ||
        refOf({ tag: value('CI_COMMIT_TAG'), branch: value('CI_COMMIT_BRANCH') || value('CI_COMMIT_REF_NAME') }),
      workflow: value('CI_PIPELINE_NAME'),
      job: value('CI_JOB_NAME'),
      runId: value('CI_PIPELINE_ID'),
      event: value('CI_PIPELINE_SOURCE'),
      actor: value('GITLAB_USER_LOGIN'),
      url: value('CI_JOB_URL') || value('CI_PIPELINE_URL'),
    }),
  },
  // Jenkins, "Global Variable Reference", and those of the Git and the Build User Vars plugin
  {
    sign: 'JENKINS_URL',
    run: (value) => ({
      repository: repositoryOf(value('GIT_URL')),
      commit: value('GIT_COMMIT'),
      ref: refOf({
        tag: value('TAG_NAME'),
        branch: value('CHANGE_BRANCH') || value('BRANCH_NAME') || value('GIT_BRANCH').replace(/^origin\//, ''),
      }),
      workflow: value('JOB_NAME'),
      job: value('STAGE_NAME'),
      runId: value('BUILD_NUMBER'),
      actor: value('BUILD_USER_ID') || value('CHANGE_AUTHOR'),
      url: value('BUILD_URL'),
    }),
  },
  // Bitbucket Cloud, "Variables and secrets"
  {
    sign: 'BITBUCKET_BUILD_NUMBER',
    run: (value) => ({
      repository: value('BITBUCKET_REPO_FULL_NAME'),
      commit: value('BITBUCKET_COMMIT'),
      ref: refOf({ tag: value('BITBUCKET_TAG'), branch: value('BITBUCKET_BRANCH') }),
      runId: value('BITBUCKET_BUILD_NUMBER'),
      runAttempt: value('BITBUCKET_STEP_RUN_NUMBER'),
      actor: value('BITBUCKET_STEP_TRIGGERER_UUID'),
      url: `https://bitbucket.org/${value('BITBUCKET_REPO_FULL_NAME')}/pipelines/results/${value('BITBUCKET_BUILD_NUMBER')}`,
    }),
  },
];

/** Where variables leave something open, this is asked. */
export interface RunSources {
  readonly git: () => Promise<GitFacts>;
  /** The user by the system; empty where it knows no name. */
  readonly userName: () => string;
}

/** Who runs the command: by the variables of the service that runs it, then by the checkout; the rest is empty. */
export async function readRunInfo(variables: Variables, { git, userName }: RunSources): Promise<RunInfo> {
  const service = serviceRun(variables);
  const isComplete = service?.repository && service.commit && service.ref;
  const checkout = isComplete ? undefined : await git();
  return {
    repository: service?.repository || (checkout?.repository ?? ''),
    commit: service?.commit || (checkout?.commit ?? ''),
    ref: service?.ref || (checkout?.ref ?? ''),
    workflow: service?.workflow ?? '',
    job: service?.job ?? '',
    runId: service?.runId ?? '',
    runAttempt: service?.runAttempt ?? '',
    event: service?.event ?? '',
    actor: service === undefined ? userOf(variables) || userName() : (service.actor ?? ''),
    url: service?.url ?? '',
  };
}

function serviceRun(variables: Variables): Partial<RunInfo> | undefined {
  const value = (name: string) => variables[name]?.trim() ?? '';
  return SERVICES.find(({ sign }) => value(sign) !== '')?.run(value, variables);
}

/** Who sits at this machine, as its shell knows them. */
function userOf({ USER, LOGNAME, USERNAME }: Variables): string {
  return USER || LOGNAME || USERNAME || '';
}

/** As git would name it: the services give bare names. */
function refOf({ tag, branch }: { readonly tag: string; readonly branch: string }): string {
  if (tag !== '') return `refs/tags/${tag}`;
  return branch === '' ? '' : `refs/heads/${branch}`;
}
