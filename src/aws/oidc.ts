import { z } from 'zod';
import { InputError } from '../errors.ts';

/**
 * The claims of a GitHub ID token that AWS can look at, and that say why it refused.
 * GitHub Docs, "OpenID Connect reference".
 */
export interface IdTokenClaims {
  /** The issuer's URL. */
  readonly iss: string;
  readonly sub: string;
  readonly aud: string;
  /** `owner/name` */
  readonly repository?: string | undefined;
  readonly repository_id?: string | undefined;
  readonly repository_owner_id?: string | undefined;
}

const claimsSchema = z.object({
  iss: z.string(),
  sub: z.string(),
  aud: z.union([z.string(), z.array(z.string()).transform((values) => values.join(' '))]),
  repository: z.string().optional(),
  repository_id: z.coerce.string().optional(),
  repository_owner_id: z.coerce.string().optional(),
});

/**
 * Reads the claims out of a token, for messages. The signature is not checked and not returned; AWS does that.
 * @returns undefined for what is not a JWT with `iss`, `sub` and `aud`
 */
export function decodeClaims(idToken: string): IdTokenClaims | undefined {
  const payload = idToken.split('.')[1] ?? '';
  try {
    return claimsSchema.parse(JSON.parse(Buffer.from(payload, 'base64url').toString()));
  } catch {
    return undefined;
  }
}

/** One subject, in both of the ways GitHub writes it. */
export interface SubjectForms {
  /** `repo:OWNER/NAME:…` */
  readonly classic?: string;
  /** `repo:OWNER@OWNER_ID/NAME@REPOSITORY_ID:…`, the default of repositories created since 2026-07-15. */
  readonly immutable?: string;
}

const CLASSIC = /^repo:([^/:@]+)\/([^/:@]+)(:.*)$/s;
const IMMUTABLE = /^repo:([^/:@]+)@(\d+)\/([^/:@]+)@(\d+)(:.*)$/s;

/**
 * Both forms of the token's `sub`, whichever of them it came in. Empty for a subject made by a custom template, which
 * has one form only: the one that was sent.
 */
export function subjectForms({ sub, repository_id, repository_owner_id }: IdTokenClaims): SubjectForms {
  const [, idOwner, , idName, , idRest] = IMMUTABLE.exec(sub) ?? [];
  if (idRest !== undefined) return { classic: `repo:${idOwner}/${idName}${idRest}`, immutable: sub };
  const [, owner, name, rest] = CLASSIC.exec(sub) ?? [];
  if (rest === undefined) return {};
  if (repository_id === undefined || repository_owner_id === undefined) return { classic: sub };
  return { classic: sub, immutable: `repo:${owner}@${repository_owner_id}/${name}@${repository_id}${rest}` };
}

/** Every `sub` a trust policy should accept for this job: both forms, or the only one there is. */
export function acceptedSubjects(claims: IdTokenClaims): string[] {
  const { classic, immutable } = subjectForms(claims);
  const forms = [classic, immutable].filter((form) => form !== undefined);
  return forms.length === 0 ? [claims.sub] : forms;
}

/** The runner hands out no ID token: what to add to the workflow. */
export function missingIdTokenPermission(cause?: unknown): InputError {
  return new InputError(
    'role-to-assume',
    'role-to-assume needs a GitHub ID token, and this job may not ask for one: give the job the permission id-token: write.',
    {
      operation: 'get ID token',
      hint: [
        'Add to the job (or to the top of the workflow):',
        '',
        'permissions:',
        '  id-token: write',
        '  contents: read',
        '',
        'Pull requests from forks never get an ID token: skip this step for them, e.g. with',
        "if: github.event_name != 'pull_request' || github.event.pull_request.head.repo.full_name == github.repository",
      ].join('\n'),
      cause,
    },
  );
}

/** `@actions/core` names the environment variable that the runner sets only for jobs with the permission. */
export function isMissingIdTokenPermission(error: unknown): boolean {
  return error instanceof Error && /ACTIONS_ID_TOKEN_REQUEST_(?:URL|TOKEN) env variable/.test(error.message);
}
