import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { decodeJwt, hasSignatureOf, signJwt } from '../../../../dev/s3-server/oidc/jwt.ts';

const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const jwk = publicKey.export({ format: 'jwk' });
const token = signJwt({ kid: 'k1' }, { sub: 'repo:octo/demo', n: 1 }, privateKey);

describe('signJwt and decodeJwt', () => {
  it('round trip', () => {
    expect(decodeJwt(token)).toMatchObject({
      header: { alg: 'RS256', kid: 'k1' },
      claims: { sub: 'repo:octo/demo', n: 1 },
    });
  });

  it.each(['', 'garbage', 'a.b', 'a.b.c', `${token}.more`, token.replace(/\.[^.]*$/, '.')])('%# is no JWT', (text) => {
    expect(decodeJwt(text)).toBeUndefined();
  });
});

describe('hasSignatureOf', () => {
  const decoded = (text: string) => {
    const jwt = decodeJwt(text);
    if (jwt === undefined) throw new Error('not a JWT');
    return jwt;
  };

  it('knows its own key', () => {
    expect(hasSignatureOf(decoded(token), jwk)).toBe(true);
  });

  it('does not take another key’s, changed claims or another algorithm', () => {
    const other = generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey.export({ format: 'jwk' });
    expect(hasSignatureOf(decoded(token), other)).toBe(false);
    const [head, , signature] = token.split('.');
    const forged = Buffer.from(JSON.stringify({ sub: 'repo:evil/demo' })).toString('base64url');
    expect(hasSignatureOf(decoded(`${head}.${forged}.${signature}`), jwk)).toBe(false);
    expect(hasSignatureOf(decoded(signJwt({ alg: 'none' }, {}, privateKey)), jwk)).toBe(false);
  });
});
