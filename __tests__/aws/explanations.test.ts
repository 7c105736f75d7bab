import { describe, expect, it } from '@jest/globals';
import type { ErrorFacts } from '../../src/aws/error-facts.ts';
import { explain } from '../../src/aws/explanations.ts';
import type { StoreRequest } from '../../src/aws/store-request.ts';

const REQUEST: StoreRequest = {
  operation: 'PutObject',
  bucket: 'acme',
  key: 'k',
  region: 'us-east-1',
  storageClass: 'GLACIER_IR',
  kmsKeyId: 'alias/x',
};
const facts = (more: Partial<ErrorFacts>): ErrorFacts => ({ message: '', ...more });

describe('explain', () => {
  it.each<[string, Partial<ErrorFacts>, string, string]>([
    ['bucket', { code: 'NoSuchBucket', httpStatus: 404 }, '"acme"', 'create it'],
    ['bucket', { code: 'InvalidBucketName' }, '"acme"', '3 to 63 characters'],
    [
      'aws-region',
      { code: 'PermanentRedirect', httpStatus: 301, bucketRegion: 'eu-west-1' },
      '"us-east-1"',
      'set aws-region: eu-west-1',
    ],
    [
      'aws-region',
      { code: 'AuthorizationHeaderMalformed', httpStatus: 400, bucketRegion: 'eu-west-1' },
      '"us-east-1"',
      'set aws-region: eu-west-1',
    ],
    ['aws-region', { httpStatus: 301 }, '"us-east-1"', "the bucket's region"],
    ['aws-region', { httpStatus: 400, bucketRegion: 'eu-west-1' }, '"us-east-1"', 'set aws-region: eu-west-1'],
    ['storage-class', { code: 'InvalidStorageClass', httpStatus: 400 }, '"GLACIER_IR"', 'leave the input out'],
    ['sse-kms-key-id', { code: 'KMS.NotFound', httpStatus: 400 }, '"alias/x"', 'ARN'],
  ])('blames %s for %j in one sentence with value and remedy', (input, more, value, remedy) => {
    const explanation = explain(facts(more), REQUEST);
    expect(explanation.input).toBe(input);
    expect(explanation.message).toMatch(new RegExp(`^${input} is [^\n]*\\.$`));
    expect(explanation.message).toContain(value);
    expect(explanation.message).toContain(remedy);
  });

  it.each<[Partial<ErrorFacts>, string, string]>([
    [{ code: 'InvalidAccessKeyId', httpStatus: 403 }, 'access key', 'session token'],
    [{ code: 'SignatureDoesNotMatch', httpStatus: 403 }, 'signature', 'secret access key'],
    [{ code: 'InvalidToken', httpStatus: 400 }, 'session token', 'same session'],
    [{ code: 'ExpiredToken', httpStatus: 400 }, 'expired', 'role-to-assume'],
    [{ httpStatus: 400 }, 'without saying why (HTTP 400)', 'role-to-assume'],
    [{ code: 'RequestTimeTooSkewed', httpStatus: 403 }, 'clock', 'NTP'],
    [
      { code: 'NotImplemented', httpStatus: 501, message: 'A header is not implemented.' },
      'A header is not implemented (NotImplemented, HTTP 501).',
      'lacks',
    ],
    [{ code: 'InvalidObjectState', httpStatus: 403 }, 'archive', 'restore-object'],
    [{ code: 'EmptyReply', httpStatus: 200 }, 'its reply says nothing', 'proxy'],
    [{ code: 'CutReply', httpStatus: 200 }, 'its reply ends in the middle', 'proxy'],
    [{ code: 'ENOTFOUND', message: 'getaddrinfo' }, 'does not resolve', 'endpoint'],
    [{ code: 'ECONNREFUSED' }, 'nothing listens', 'https_proxy'],
    [{ code: 'TimeoutError' }, 'in time', 'network'],
    [
      { code: 'SELF_SIGNED_CERT_IN_CHAIN', message: 'self-signed certificate' },
      'self-signed certificate',
      'NODE_EXTRA_CA_CERTS',
    ],
    [{ message: 'XML parse error: x Deserialization error: to see', httpStatus: 200 }, 'not S3', 'console'],
    [{ httpStatus: 403 }, 'denied', 's3:PutObject'],
  ])('%j: %s', (more, words, remedy) => {
    const { message, hint, input } = explain(facts(more), REQUEST);
    expect(input).toBeUndefined();
    expect(message).toContain(words);
    expect(hint).toContain(remedy);
  });

  it.each<[Partial<ErrorFacts>, string]>([
    [
      { code: 'EntityTooLarge', message: 'Too large.', httpStatus: 400 },
      'failed: Too large (EntityTooLarge, HTTP 400).',
    ],
    [{ code: 'Teapot' }, 'failed: Teapot.'],
    [{}, 'failed: no reason was given.'],
    [{ code: 'toString' }, 'failed: toString.'],
  ])('falls back on the words of the store: %j', (more, words) => {
    expect(explain(facts(more), REQUEST)).toEqual({ message: `PutObject of "k" in bucket "acme" ${words}` });
  });
});
