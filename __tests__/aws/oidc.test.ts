import { describe, expect, it } from '@jest/globals';
import {
  acceptedSubjects,
  decodeClaims,
  isMissingIdTokenPermission,
  missingIdTokenPermission,
  subjectForms,
} from '../../src/aws/oidc.ts';
import { CLAIMS, idToken } from './support/tokens.ts';

const CLASSIC = 'repo:octo/demo:ref:refs/heads/main';
const IMMUTABLE = 'repo:octo@123456/demo@789012:ref:refs/heads/main';

describe('decodeClaims', () => {
  it('reads the claims', () => {
    expect(decodeClaims(idToken())).toEqual(CLAIMS);
  });

  it('takes a list of audiences and ids as numbers', () => {
    const claims = decodeClaims(idToken({ ...CLAIMS, aud: ['a', 'b'], repository_id: 5 }));
    expect(claims).toMatchObject({ aud: 'a b', repository_id: '5' });
  });

  it.each(['', 'x', 'a.b.c', idToken({ iss: 'x' })])('gives up on %j', (token) => {
    expect(decodeClaims(token)).toBeUndefined();
  });
});

describe('subjectForms', () => {
  it('makes the immutable form of the classic one', () => {
    expect(subjectForms(CLAIMS)).toEqual({ classic: CLASSIC, immutable: IMMUTABLE });
  });

  it('makes the classic form of the immutable one', () => {
    expect(subjectForms({ ...CLAIMS, sub: IMMUTABLE })).toEqual({ classic: CLASSIC, immutable: IMMUTABLE });
  });

  it.each([':pull_request', ':environment:prod:eu', ':ref:refs/heads/a\nb', ':ref:refs/tags/v1@2'])(
    'keeps %j',
    (rest) => {
      const { classic, immutable } = subjectForms({ ...CLAIMS, sub: `repo:octo/demo${rest}` });
      expect(classic).toBe(`repo:octo/demo${rest}`);
      expect(immutable).toBe(`repo:octo@123456/demo@789012${rest}`);
    },
  );

  it('has only the classic form where the ids are not in the token', () => {
    const { repository_id: _id, ...claims } = CLAIMS;
    expect(subjectForms(claims)).toEqual({ classic: CLASSIC });
  });

  it('has neither for a subject of a custom template', () => {
    const claims = { ...CLAIMS, sub: 'repository_owner:octo:job_workflow_ref:x' };
    expect(subjectForms(claims)).toEqual({});
    expect(acceptedSubjects(claims)).toEqual([claims.sub]);
  });
});

describe('missingIdTokenPermission', () => {
  it('says what to add, and that forks never get a token', () => {
    const error = missingIdTokenPermission();
    expect(error.input).toBe('role-to-assume');
    expect(error.message).toContain('id-token: write');
    expect(error.details.hint).toContain('permissions:\n  id-token: write');
    expect(error.details.hint).toContain('forks');
  });

  it('is told apart by the text of @actions/core', () => {
    const text = 'Error message: Unable to get ACTIONS_ID_TOKEN_REQUEST_URL env variable';
    expect(isMissingIdTokenPermission(new Error(text))).toBe(true);
    expect(isMissingIdTokenPermission(new Error('Failed to get ID Token. Error Code : 503'))).toBe(false);
  });
});
