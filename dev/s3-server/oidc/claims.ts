import { randomUUID } from 'node:crypto';
import type { Claims } from './jwt.ts';

const TOKEN_LIFETIME_SECONDS = 300;
const NOT_BEFORE_SECONDS = 300;
const DEFAULT_AUDIENCE = 'https://github.com/octo';

/** What the tokens say about the workflow that asks for them. */
export interface WorkflowIdentity {
  readonly repository: string;
  readonly repositoryId: string;
  readonly ownerId: string;
  readonly ref: string;
  readonly environment: string | undefined;
  readonly eventName: string;
  readonly runId: string;
  readonly runAttempt: string;
}

export const DEFAULT_WORKFLOW: WorkflowIdentity = {
  repository: 'octo/demo',
  repositoryId: '1',
  ownerId: '2',
  ref: 'refs/heads/main',
  environment: undefined,
  eventName: 'push',
  runId: '4',
  runAttempt: '1',
};

/** `classic` names owner and repository; `immutable` adds their ids, as repositories made since mid-2026 do. */
export type SubjectForm = 'classic' | 'immutable';

/** @see https://docs.github.com/actions/reference/security/oidc */
export function subjectClaim(workflow: WorkflowIdentity, form: SubjectForm): string {
  const [owner = '', name = ''] = workflow.repository.split('/');
  const repository =
    form === 'classic' ? workflow.repository : `${owner}@${workflow.ownerId}/${name}@${workflow.repositoryId}`;
  if (workflow.environment !== undefined) return `repo:${repository}:environment:${workflow.environment}`;
  if (workflow.eventName === 'pull_request') return `repo:${repository}:pull_request`;
  return `repo:${repository}:ref:${workflow.ref}`;
}

function workflowClaims(workflow: WorkflowIdentity): Claims {
  const { repository, ref } = workflow;
  const workflowRef = `${repository}/.github/workflows/backup.yml@${ref}`;
  const sha = '0'.repeat(40);
  return {
    ref,
    ref_type: ref.startsWith('refs/tags/') ? 'tag' : 'branch',
    ref_protected: 'false',
    sha,
    repository,
    repository_owner: repository.split('/')[0],
    repository_id: workflow.repositoryId,
    repository_owner_id: workflow.ownerId,
    repository_visibility: 'private',
    actor: 'octocat',
    actor_id: '3',
    run_id: workflow.runId,
    run_number: '5',
    run_attempt: workflow.runAttempt,
    workflow: 'backup',
    workflow_ref: workflowRef,
    workflow_sha: sha,
    job_workflow_ref: workflowRef,
    job_workflow_sha: sha,
    event_name: workflow.eventName,
    head_ref: '',
    base_ref: '',
    runner_environment: 'github-hosted',
    environment: workflow.environment,
  };
}

/** The claims of one token, as GitHub fills them; those given last win, and undefined takes one away. */
export function githubClaims(
  workflow: WorkflowIdentity,
  token: {
    readonly issuer: string;
    readonly audience: string | undefined;
    readonly form: SubjectForm;
    readonly now: Date;
  },
  overrides: Claims,
): Claims {
  const issuedAt = Math.floor(token.now.getTime() / 1000);
  const claims = {
    iss: token.issuer,
    aud: token.audience ?? DEFAULT_AUDIENCE,
    sub: subjectClaim(workflow, token.form),
    jti: randomUUID(),
    iat: issuedAt,
    nbf: issuedAt - NOT_BEFORE_SECONDS,
    exp: issuedAt + TOKEN_LIFETIME_SECONDS,
    ...workflowClaims(workflow),
    ...overrides,
  };
  return Object.fromEntries(Object.entries(claims).filter(([, value]) => value !== undefined));
}
