import { createHash, X509Certificate } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { type Issuer, startIssuer } from '../../../../dev/s3-server/oidc/issuer.ts';
import { decodeJwt, hasSignatureOf } from '../../../../dev/s3-server/oidc/jwt.ts';

let issuer: Issuer;
beforeEach(async () => {
  issuer = await startIssuer({ subjectForm: 'immutable' });
});
afterEach(() => issuer.close());

/** What the toolkit does for `core.getIDToken(audience)`. */
const requestToken = (audience: string, bearer = issuer.env.ACTIONS_ID_TOKEN_REQUEST_TOKEN): Promise<Response> =>
  fetch(`${issuer.env.ACTIONS_ID_TOKEN_REQUEST_URL}&audience=${audience}`, {
    headers: { authorization: `Bearer ${bearer}` },
  });
const tokenAnswer = z.object({ value: z.string() });
const discoveryDocument = z.object({ issuer: z.string(), jwks_uri: z.string() });
const keySet = z.object({ keys: z.tuple([z.looseObject({ n: z.string(), x5c: z.tuple([z.string()]) })]) });
const getJson = async (url: string): Promise<unknown> => (await fetch(url)).json();

describe('the issuer', () => {
  it('hands out tokens that its published key verifies', async () => {
    const { value } = tokenAnswer.parse(await (await requestToken('sts.amazonaws.com')).json());
    const discovery = discoveryDocument.parse(await getJson(`${issuer.issuer}/.well-known/openid-configuration`));
    const { keys } = keySet.parse(await getJson(discovery.jwks_uri));
    const token = decodeJwt(value);
    expect(discovery.issuer).toBe(issuer.url);
    expect(token?.claims).toMatchObject({
      iss: issuer.url,
      aud: 'sts.amazonaws.com',
      sub: 'repo:octo@2/demo@1:ref:refs/heads/main',
    });
    expect(token && hasSignatureOf(token, keys[0])).toBe(true);
    expect(issuer.counts).toEqual({ tokens: 1, refused: 0, failed: 0, keySets: 1 });
  });

  it('publishes its certificate, by whose thumbprint IAM knows it', async () => {
    const { keys } = keySet.parse(await getJson(`${issuer.url}/.well-known/jwks`));
    const certificate = Buffer.from(keys[0].x5c[0], 'base64');
    expect(createHash('sha1').update(certificate).digest('hex')).toBe(issuer.thumbprint);
    expect(new X509Certificate(certificate).publicKey.export({ format: 'jwk' }).n).toBe(keys[0].n);
  });

  it('wants the request token', async () => {
    expect((await requestToken('a', 'wrong')).status).toBe(401);
    expect(issuer.counts).toMatchObject({ tokens: 0, refused: 1 });
  });

  it('fails as often as it is told to, then works again', async () => {
    issuer.failNext(2, { status: 503 });
    expect([(await requestToken('a')).status, (await requestToken('a')).status]).toEqual([503, 503]);
    issuer.failNext(1, 'reset');
    await expect(requestToken('a')).rejects.toThrow();
    expect((await requestToken('a')).status).toBe(200);
    expect(issuer.counts).toMatchObject({ tokens: 1, failed: 3 });
  });

  it('speaks for another workflow when told to', async () => {
    issuer.setWorkflow({ repository: 'octo/other', environment: 'prod' });
    expect(decodeJwt(issuer.token())?.claims.sub).toBe('repo:octo@2/other@1:environment:prod');
  });
});
