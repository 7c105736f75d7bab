/** A token as GitHub makes it, with a signature nobody checks here. */
export function idToken(claims: Readonly<Record<string, unknown>> = CLAIMS): string {
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part({ alg: 'RS256', typ: 'JWT' })}.${part(claims)}.c2lnbmF0dXJl`;
}

export const CLAIMS = {
  iss: 'https://token.actions.githubusercontent.com',
  aud: 'sts.amazonaws.com',
  sub: 'repo:octo/demo:ref:refs/heads/main',
  repository: 'octo/demo',
  repository_id: '789012',
  repository_owner_id: '123456',
};
