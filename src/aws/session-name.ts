/** STS API Reference, AssumeRoleWithWebIdentity, "RoleSessionName": 2 to 64 characters of `[\w+=,.@-]`. */
export const MAX_SESSION_NAME_CHARS = 64;
const FORBIDDEN = /[^\w+=,.@-]+/g;

/**
 * The session name that CloudTrail shows beside every request: `<owner>-<repository>-<run id>`. A repository's name is
 * cut before the run id is, which is what finds the run again.
 */
export function roleSessionName(repository: string, runId: string | number): string {
  const run = String(runId).replaceAll(FORBIDDEN, '-');
  const room = MAX_SESSION_NAME_CHARS - run.length - 1;
  const name = repository.replaceAll(FORBIDDEN, '-').slice(0, Math.max(room, 0));
  return `${name}-${run}`.slice(-MAX_SESSION_NAME_CHARS).padEnd(2, '-');
}
