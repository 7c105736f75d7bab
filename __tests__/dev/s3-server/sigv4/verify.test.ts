import { describe, expect, it } from '@jest/globals';
import { rootPrincipal } from '../../../../dev/s3-server/policy/principal.ts';
import { CredentialTable } from '../../../../dev/s3-server/sigv4/credentials.ts';
import { sha256Hex } from '../../../../dev/s3-server/sigv4/signature.ts';
import { verifySignature } from '../../../../dev/s3-server/sigv4/verify.ts';

const SIGNED_AT = new Date('2013-05-24T00:00:00Z');
const ROOT = rootPrincipal('123456789012');

/** The documented GET Object example, as a request. */
const REQUEST = {
  method: 'GET',
  path: '/test.txt',
  query: new URLSearchParams(),
  headers: {
    host: 'examplebucket.s3.amazonaws.com',
    range: 'bytes=0-9',
    'x-amz-content-sha256': sha256Hex(''),
    'x-amz-date': '20130524T000000Z',
    authorization:
      'AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,SignedHeaders=host;range;x-amz-content-sha256;x-amz-date,Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41',
  },
};

/** The documented presigned URL, https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html */
const PRESIGNED = {
  method: 'GET',
  path: '/test.txt',
  query: new URLSearchParams(
    'X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host&X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404',
  ),
  headers: { host: 'examplebucket.s3.amazonaws.com' },
};

function table(secretAccessKey = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY'): CredentialTable {
  const credentials = new CredentialTable();
  const accessKeyId = 'AKIAIOSFODNN7EXAMPLE';
  credentials.add({ accessKeyId, secretAccessKey, sessionToken: undefined, expires: undefined, principal: ROOT });
  return credentials;
}

const expectation = { service: 's3', now: SIGNED_AT } as const;
const later = (minutes: number): Date => new Date(SIGNED_AT.getTime() + minutes * 60_000);
const coded = (code: string, status: number) => expect.objectContaining({ code, status });

describe('verifySignature', () => {
  it('accepts the documented example and says who signed it', () => {
    expect(verifySignature(REQUEST, table(), expectation).principal).toBe(ROOT);
  });

  it('accepts a presigned request until it expires', () => {
    expect(verifySignature(PRESIGNED, table(), { ...expectation, now: later(1440) }).principal).toBe(ROOT);
    expect(() => verifySignature(PRESIGNED, table(), { ...expectation, now: later(1441) })).toThrow(
      coded('AccessDenied', 403),
    );
  });

  it('refuses another secret', () => {
    expect(() => verifySignature(REQUEST, table('other'), expectation)).toThrow(coded('SignatureDoesNotMatch', 403));
  });

  it('refuses a changed request', () => {
    expect(() => verifySignature({ ...REQUEST, path: '/other.txt' }, table(), expectation)).toThrow(
      coded('SignatureDoesNotMatch', 403),
    );
  });

  it('refuses an unknown key and a request without a signature', () => {
    expect(() => verifySignature(REQUEST, new CredentialTable(), expectation)).toThrow(
      coded('InvalidAccessKeyId', 403),
    );
    expect(() => verifySignature({ ...REQUEST, headers: {} }, table(), expectation)).toThrow(
      coded('AccessDenied', 403),
    );
  });

  it('allows fifteen minutes between the clocks', () => {
    expect(verifySignature(REQUEST, table(), { ...expectation, now: later(15) }).principal).toBe(ROOT);
    for (const minutes of [16, -16]) {
      expect(() => verifySignature(REQUEST, table(), { ...expectation, now: later(minutes) })).toThrow(
        coded('RequestTimeTooSkewed', 403),
      );
    }
  });

  it('refuses a signature for another service', () => {
    expect(() => verifySignature(REQUEST, table(), { ...expectation, service: 'sts' })).toThrow(
      coded('AuthorizationHeaderMalformed', 400),
    );
  });
});
