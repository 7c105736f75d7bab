/** Why something stays out unless a pattern names it literally. */
export type Restriction = 'hidden' | 'credentials';

const CREDENTIAL_NAMES: ReadonlySet<string> = new Set(['.git', '.aws', '.ssh', '.npmrc', '.netrc']);
/** `.env`, `.env.local`, `.envrc`, …, and what google-github-actions/auth leaves in the workspace. */
const CREDENTIAL_PATTERN = /^(?:\.env.*|gha-creds-.*\.json)$/s;

/**
 * The restriction a name brings for itself and all below it. Letter case does not matter: on some file systems `.GIT`
 * is `.git`.
 */
export function restrictionOf(name: string, includeHiddenFiles: boolean): Restriction | undefined {
  const lower = name.toLowerCase();
  if (CREDENTIAL_NAMES.has(lower) || CREDENTIAL_PATTERN.test(lower)) return 'credentials';
  return name.startsWith('.') && !includeHiddenFiles ? 'hidden' : undefined;
}
