import { generateKeyPairSync } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Issuer, startIssuer } from '../../../../dev/s3-server/oidc/issuer.ts';
import { claimContext, verifyWebIdentity } from '../../../../dev/s3-server/sts/web-identity.ts';

let issuer: Issuer;
beforeAll(async () => {
  issuer = await startIssuer();
});
afterAll(() => issuer.close());

const verify = (
  token: string | undefined,
  rest: { audiences?: readonly string[]; fetchFrom?: string; now?: Date } = {},
) => {
  const { now = new Date(), ...registration } = rest;
  return verifyWebIdentity(token, [{ url: issuer.issuer, ...registration }], { now, acceptUnknown: false });
};
const refusal = (code: string, message: RegExp) => ({ code, status: 400, message: expect.stringMatching(message) });

describe('verifyWebIdentity', () => {
  it('accepts a token of the issuer', async () => {
    expect(await verify(issuer.token())).toMatchObject({
      issuer: issuer.issuer,
      subject: 'repo:octo/demo:ref:refs/heads/main',
      audience: 'sts.amazonaws.com',
    });
  });

  it('refuses what is no JWT, or lacks a claim', async () => {
    await expect(verify('garbage')).rejects.toMatchObject(refusal('InvalidIdentityToken', /not a valid JWT/));
    await expect(verify(undefined)).rejects.toMatchObject(refusal('InvalidIdentityToken', /not a valid JWT/));
    await expect(verify(issuer.token({ sub: undefined }))).rejects.toMatchObject(
      refusal('InvalidIdentityToken', /claim: sub/),
    );
  });

  it('refuses a token that has expired or is not valid yet', async () => {
    const inTenMinutes = new Date(Date.now() + 600_000);
    await expect(verify(issuer.token(), { now: inTenMinutes })).rejects.toMatchObject(
      refusal('ExpiredTokenException', /Token expired/),
    );
    const tenMinutesAgo = new Date(Date.now() - 600_000);
    await expect(verify(issuer.token(), { now: tenMinutesAgo })).rejects.toMatchObject(
      refusal('InvalidIdentityToken', /not valid yet/),
    );
  });

  it('refuses another audience and another issuer', async () => {
    await expect(verify(issuer.token(), { audiences: ['other'] })).rejects.toMatchObject(
      refusal('InvalidIdentityToken', /audience/),
    );
    await expect(verify(issuer.token({ iss: 'https://elsewhere' }))).rejects.toMatchObject(
      refusal('InvalidIdentityToken', /No OpenIDConnect provider found in your account for https:\/\/elsewhere/),
    );
  });

  it('refuses a token that another key has signed', async () => {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    await expect(verify(issuer.token({}, { signWith: privateKey }))).rejects.toMatchObject(
      refusal('InvalidIdentityToken', /Signature/),
    );
  });

  it('says when the issuer cannot be asked', async () => {
    const gone = await startIssuer();
    await gone.close();
    await expect(verify(issuer.token(), { fetchFrom: gone.url })).rejects.toMatchObject(
      refusal('IDPCommunicationError', /could not be reached/),
    );
  });
});

describe('claimContext', () => {
  it('names every plain claim by the issuer’s host and path', () => {
    const claims = { aud: ['a', 'b'], repository: 'octo/demo', run_id: 4, nested: { x: 1 } };
    const identity = { issuer: 'https://token.example/_services/token', subject: 's', audience: 'a', claims };
    expect([...claimContext(identity, 'run-4')]).toEqual([
      ['token.example/_services/token:aud', ['a', 'b']],
      ['token.example/_services/token:repository', ['octo/demo']],
      ['token.example/_services/token:run_id', ['4']],
      ['sts:rolesessionname', ['run-4']],
    ]);
  });
});
