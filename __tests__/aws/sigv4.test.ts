import { describe, expect, it } from '@jest/globals';
import { Hash } from '@smithy/core/serde';
import { HttpRequest } from '@smithy/core/transport';
import { SignatureV4 } from '@smithy/signature-v4';
import fc from 'fast-check';
import { encodeForS3, S3Signer, type SignableRequest, UNSIGNED_PAYLOAD } from '../../src/aws/sigv4.ts';

const NOW = new Date('2026-11-22T08:09:10.500Z');
const KEYS = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY' };

const text = fc.string({ unit: 'binary', minLength: 1, maxLength: 20 });
const token = fc.stringMatching(/^[a-z][a-z0-9-]{0,15}$/);
const value = fc.stringMatching(/^[ -~]{0,30}$/);

const requests: fc.Arbitrary<SignableRequest> = fc
  .record({
    method: fc.constantFrom('PUT', 'GET'),
    key: fc.array(text, { minLength: 1, maxLength: 4 }),
    query: fc.dictionary(token, fc.stringMatching(/^[ -~]{0,20}$/), { maxKeys: 3 }),
    headers: fc.dictionary(
      token.map((name) => `x-amz-${name}`),
      value,
      { maxKeys: 6 },
    ),
    payload: fc.constantFrom(UNSIGNED_PAYLOAD, 'ab'.repeat(32)),
  })
  .map(({ method, key, query, headers, payload }) => ({
    method,
    path: `/${key.map(encodeForS3).join('/')}`,
    query: Object.keys(query)
      .sort()
      .map((name) => `${encodeForS3(name)}=${encodeForS3(query[name] ?? '')}`)
      .join('&'),
    headers: { ...headers, host: 'bucket.s3.eu-west-1.amazonaws.com' },
    payload,
  }));

/** What the SDK's signer makes of the same request. */
async function signedBySdk(request: SignableRequest, keys: typeof KEYS & { sessionToken?: string }) {
  const signer = new SignatureV4({
    credentials: keys,
    region: 'eu-west-1',
    service: 's3',
    sha256: Hash.bind(null, 'sha256'),
    uriEscapePath: false,
    applyChecksum: false,
  });
  const { method, path, headers, payload } = request;
  const query = Object.fromEntries(new URLSearchParams(request.query.replaceAll('+', '%2B')));
  const hostname = headers.host ?? '';
  const signed = await signer.sign(
    new HttpRequest({ method, path, query, hostname, headers: { ...headers, 'x-amz-content-sha256': payload } }),
    { signingDate: NOW },
  );
  return signed.headers;
}

describe('S3Signer', () => {
  it('signs as the SDK does', async () => {
    const signer = new S3Signer('eu-west-1', 's3');
    await fc.assert(
      fc.asyncProperty(requests, fc.option(fc.stringMatching(/^[A-Za-z0-9+/=]{1,40}$/)), async (request, session) => {
        const keys = { ...KEYS, ...(session && { sessionToken: session }) };
        expect(signer.sign(request, keys, NOW)).toEqual(await signedBySdk(request, keys));
      }),
      { numRuns: 200 },
    );
  });

  it('takes new keys, and a new day, as they come', () => {
    const request = { method: 'PUT', path: '/a', query: '', headers: { host: 'h' }, payload: UNSIGNED_PAYLOAD };
    const used = new S3Signer('eu-west-1', 's3');
    const later = new Date(NOW.getTime() + 24 * 60 * 60 * 1000);
    const cases = [
      [KEYS, NOW],
      [{ ...KEYS, secretAccessKey: 'other' }, NOW],
      [KEYS, later],
      [KEYS, NOW],
    ] as const;
    for (const [keys, now] of cases) {
      expect(used.sign(request, keys, now)).toEqual(new S3Signer('eu-west-1', 's3').sign(request, keys, now));
    }
  });

  it('names another service where the endpoint wants it', () => {
    const request = { method: 'GET', path: '/a', query: '', headers: { host: 'h' }, payload: UNSIGNED_PAYLOAD };
    const { authorization } = new S3Signer('eu-west-1', 's3-outposts').sign(request, KEYS, NOW);
    expect(authorization).toContain('/20261122/eu-west-1/s3-outposts/aws4_request,');
  });
});
