import { describe, expect, it } from '@jest/globals';
import {
  canonicalRequest,
  hmac,
  sha256Hex,
  signingKey,
  stringToSign,
  uriEncode,
} from '../../../../dev/s3-server/sigv4/signature.ts';

// The examples of https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html
const SECRET = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY';
const AMZ_DATE = '20130524T000000Z';
const SCOPE = { date: '20130524', region: 'us-east-1', service: 's3' };
const EMPTY = sha256Hex('');

interface Example {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly payload: string;
  readonly signature: string;
}

const EXAMPLES: readonly (readonly [string, Example])[] = [
  [
    'GET Object',
    {
      method: 'GET',
      path: '/test.txt',
      query: '',
      headers: { range: 'bytes=0-9' },
      payload: EMPTY,
      signature: 'f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41',
    },
  ],
  [
    'PUT Object',
    {
      method: 'PUT',
      path: '/test%24file.text',
      query: '',
      headers: { date: 'Fri, 24 May 2013 00:00:00 GMT', 'x-amz-storage-class': 'REDUCED_REDUNDANCY' },
      payload: '44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072',
      signature: '98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd',
    },
  ],
  [
    'GET Bucket Lifecycle',
    {
      method: 'GET',
      path: '/',
      query: 'lifecycle',
      headers: {},
      payload: EMPTY,
      signature: 'fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543',
    },
  ],
  [
    'List Objects',
    {
      method: 'GET',
      path: '/',
      query: 'max-keys=2&prefix=J',
      headers: {},
      payload: EMPTY,
      signature: '34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7',
    },
  ],
];

describe('the signature', () => {
  it.each(EXAMPLES)('%s', (_, { signature, query, payload, headers, ...request }) => {
    const all: Record<string, string> = {
      ...headers,
      host: 'examplebucket.s3.amazonaws.com',
      'x-amz-content-sha256': payload,
      'x-amz-date': AMZ_DATE,
    };
    const canonical = canonicalRequest({
      ...request,
      query: new URLSearchParams(query),
      headers: all,
      signedHeaders: Object.keys(all).sort(),
      payload,
    });
    const text = stringToSign(AMZ_DATE, SCOPE, canonical);
    expect(hmac(signingKey(SECRET, SCOPE), text).toString('hex')).toBe(signature);
  });
});

describe('uriEncode', () => {
  it('encodes everything but the unreserved characters', () => {
    expect(uriEncode("a-Z_0.~ /+!'()*é")).toBe('a-Z_0.~%20%2F%2B%21%27%28%29%2A%C3%A9');
  });
});
