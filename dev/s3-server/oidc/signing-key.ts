import { createHash, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { selfSignedCertificate } from './certificate.ts';
import type { Jwk } from './jwt.ts';

const RSA_BITS = 2048;
const KEY_ID_CHARACTERS = 16;

/** An issuer's key: the private half, and what it publishes of the other. */
export interface SigningKey {
  readonly privateKey: KeyObject;
  /** Self-signed, DER. */
  readonly certificate: Buffer;
  /** SHA-1 of the certificate in hex: the thumbprint that IAM registers. */
  readonly thumbprint: string;
  /** With the certificate in `x5c`: Ceph's gateway compares it with the registered thumbprint. */
  readonly jwk: Jwk & { readonly kid: string; readonly x5t: string };
}

export function makeSigningKey(now: Date): SigningKey {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: RSA_BITS });
  const certificate = selfSignedCertificate({ privateKey, publicKey }, 'development-oidc-issuer', now);
  const sha1 = createHash('sha1').update(certificate).digest();
  const jwk = {
    ...publicKey.export({ format: 'jwk' }),
    kid: createHash('sha256').update(certificate).digest('base64url').slice(0, KEY_ID_CHARACTERS),
    alg: 'RS256',
    use: 'sig',
    x5t: sha1.toString('base64url'),
    x5c: [certificate.toString('base64')],
  };
  return { privateKey, certificate, thumbprint: sha1.toString('hex'), jwk };
}
