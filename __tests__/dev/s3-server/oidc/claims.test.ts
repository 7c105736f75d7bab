import { describe, expect, it } from '@jest/globals';
import { DEFAULT_WORKFLOW, githubClaims, subjectClaim } from '../../../../dev/s3-server/oidc/claims.ts';

describe('subjectClaim', () => {
  it.each([
    [{}, 'repo:octo/demo:ref:refs/heads/main', 'repo:octo@2/demo@1:ref:refs/heads/main'],
    [{ environment: 'prod' }, 'repo:octo/demo:environment:prod', 'repo:octo@2/demo@1:environment:prod'],
    [{ eventName: 'pull_request' }, 'repo:octo/demo:pull_request', 'repo:octo@2/demo@1:pull_request'],
  ])('%j', (changes, classic, immutable) => {
    expect(subjectClaim({ ...DEFAULT_WORKFLOW, ...changes }, 'classic')).toBe(classic);
    expect(subjectClaim({ ...DEFAULT_WORKFLOW, ...changes }, 'immutable')).toBe(immutable);
  });
});

describe('githubClaims', () => {
  const token = { issuer: 'https://issuer', audience: 'aud', form: 'classic', now: new Date(1_000_000_000) } as const;

  it('lives for five minutes', () => {
    expect(githubClaims(DEFAULT_WORKFLOW, token, {})).toMatchObject({
      iat: 1_000_000,
      exp: 1_000_300,
      aud: 'aud',
      iss: 'https://issuer',
    });
  });

  it('takes over what is given and takes away what is undefined', () => {
    const claims = githubClaims(DEFAULT_WORKFLOW, token, { sub: 'x', aud: undefined });
    expect(claims.sub).toBe('x');
    expect(claims).not.toHaveProperty('aud');
  });
});
