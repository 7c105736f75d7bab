import { generateKeyPairSync, X509Certificate } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { selfSignedCertificate } from '../../../../dev/s3-server/oidc/certificate.ts';

describe('selfSignedCertificate', () => {
  const keys = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const certificate = new X509Certificate(selfSignedCertificate(keys, 'an issuer', new Date('2026-06-01T00:00:00Z')));

  it('is read and verified by Node', () => {
    expect(certificate.subject).toBe('CN=an issuer');
    expect(certificate.issuer).toBe('CN=an issuer');
    expect(certificate.verify(keys.publicKey)).toBe(true);
    expect(certificate.checkPrivateKey(keys.privateKey)).toBe(true);
  });

  it('is valid for a year from the day before', () => {
    expect(certificate.validFromDate).toEqual(new Date('2026-05-31T00:00:00Z'));
    expect(certificate.validToDate).toEqual(new Date('2027-06-01T00:00:00Z'));
  });
});
