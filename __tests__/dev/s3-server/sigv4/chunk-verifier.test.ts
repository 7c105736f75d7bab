import { describe, expect, it } from '@jest/globals';
import { rootPrincipal } from '../../../../dev/s3-server/policy/principal.ts';
import { chunkVerifier } from '../../../../dev/s3-server/sigv4/chunk-verifier.ts';
import { signingKey } from '../../../../dev/s3-server/sigv4/signature.ts';

// The example of https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html
const SCOPE = { date: '20130524', region: 'us-east-1', service: 's3' };
const AUTH = {
  principal: rootPrincipal('123456789012'),
  payload: 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD',
  key: signingKey('wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY', SCOPE),
  scope: SCOPE,
  amzDate: '20130524T000000Z',
  signature: '4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9',
};
const FIRST = 'chunk-signature=ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648';
const SECOND = 'chunk-signature=0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497';
const LAST = 'chunk-signature=b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9';

describe('chunkVerifier', () => {
  it('accepts the chain of the documented example', () => {
    const verifier = chunkVerifier(AUTH);
    verifier?.update(Buffer.alloc(65_536, 'a'));
    verifier?.endChunk(FIRST);
    verifier?.update(Buffer.alloc(1024, 'a'));
    verifier?.endChunk(SECOND);
    expect(() => verifier?.endChunk(LAST)).not.toThrow();
  });

  it('refuses a chunk out of its place', () => {
    const verifier = chunkVerifier(AUTH);
    verifier?.update(Buffer.alloc(1024, 'a'));
    expect(() => verifier?.endChunk(SECOND)).toThrow(expect.objectContaining({ code: 'SignatureDoesNotMatch' }));
  });

  it('has nothing to do for unsigned chunks', () => {
    expect(chunkVerifier({ ...AUTH, payload: 'STREAMING-UNSIGNED-PAYLOAD-TRAILER' })).toBeUndefined();
  });
});
