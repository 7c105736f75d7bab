import { inspect } from 'node:util';
import { HeadObjectCommand, ListObjectsV2Command, PutObjectCommand } from '@aws-sdk/client-s3';
import { describe, expect, it } from '@jest/globals';
import { factsOf, slimCause } from '../../src/aws/error-facts.ts';
import { testClient } from './support/clients.ts';
import { type Reply, s3Error, serve } from './support/http-server.ts';

const OBJECT = { Bucket: 'b', Key: 'k' };

async function failureOf(reply: Reply, head = false): Promise<unknown> {
  const server = await serve(() => reply);
  const client = testClient(server.url, { maxAttempts: 1 });
  const sent = head
    ? client.send(new HeadObjectCommand(OBJECT))
    : client.send(new PutObjectCommand({ ...OBJECT, Body: 'x' }));
  return sent.then(
    () => undefined,
    (error: unknown) => error,
  );
}

describe('factsOf', () => {
  it('reads an S3 error', async () => {
    const error = await failureOf(s3Error(403, 'AccessDenied', 'Access Denied', { 'x-amz-request-id': 'REQ9' }));
    expect(factsOf(error)).toEqual({
      code: 'AccessDenied',
      message: 'Access Denied',
      httpStatus: 403,
      requestId: 'REQ9',
      attempts: 1,
    });
  });

  it('makes up no code and no words for a HEAD', async () => {
    const facts = factsOf(await failureOf({ status: 403 }, true));
    expect(facts).toMatchObject({ httpStatus: 403, message: '' });
    expect(facts).not.toHaveProperty('code');
  });

  it('knows a missing object by HEAD', async () => {
    expect(factsOf(await failureOf({ status: 404 }, true))).toMatchObject({ code: 'NotFound', httpStatus: 404 });
  });

  it.each([
    [{ status: 301, headers: { 'x-amz-bucket-region': 'eu-west-1' } }, 'eu-west-1'],
    [
      s3Error(400, 'AuthorizationHeaderMalformed', "the region 'us-east-1' is wrong; expecting 'eu-west-1'"),
      'eu-west-1',
    ],
    [s3Error(400, 'AuthorizationHeaderMalformed', ''), undefined],
  ])('finds the region of a bucket that is elsewhere', async (reply, region) => {
    expect(factsOf(await failureOf(reply)).bucketRegion).toBe(region);
  });

  it('reads a failed connection', async () => {
    const client = testClient(new URL('http://127.0.0.1:1'), { maxAttempts: 1 });
    const error: unknown = await client.send(new HeadObjectCommand(OBJECT)).catch((reason: unknown) => reason);
    expect(factsOf(error)).toMatchObject({ code: 'ECONNREFUSED', attempts: 1 });
  });

  const LIST = '<?xml version="1.0"?><ListBucketResult><Name>b</Name><KeyCo';
  it.each<[string, Reply, string | undefined]>([
    ['that ends in the middle', { status: 200, body: LIST, headers: { 'x-amz-request-id': 'REQ9' } }, 'CutReply'],
    ['that is not of a store', { status: 200, body: LIST }, undefined],
    [
      'that is a page',
      {
        status: 200,
        body: '<!DOCTYPE html><html><head><meta charset="utf-8"></head><body>Console</body></html>',
        headers: { 'x-amz-request-id': 'REQ9' },
      },
      undefined,
    ],
  ])('tells a document %s', async (_, reply, code) => {
    const server = await serve(() => reply);
    const listing = testClient(server.url, { maxAttempts: 1 }).send(new ListObjectsV2Command({ Bucket: 'b' }));
    const facts = factsOf(await listing.catch((reason: unknown) => reason));
    expect([facts.code, facts.httpStatus]).toEqual([code, 200]);
  });

  it('looks for a code one cause deeper', () => {
    const error = new TypeError('fetch failed', { cause: Object.assign(new Error('x'), { code: 'EAI_AGAIN' }) });
    expect(factsOf(error)).toMatchObject({ code: 'EAI_AGAIN', message: 'fetch failed' });
  });

  it.each(['socket hang up', 'aborted', 'read ECONNRESET'])(
    'knows a connection that broke by the words alone: %s',
    (words) => {
      // As the SDK rewords an error that is not of its own realm.
      const error = new Error(`AWS SDK error wrapper for ${new Error(words)}`);
      expect(factsOf(error)).toMatchObject({ code: 'ECONNRESET' });
    },
  );

  it('takes no other word for a connection that broke', () => {
    const error = new Error('AWS SDK error wrapper for Error: The upload was aborted.');
    expect(factsOf(error)).not.toHaveProperty('code');
  });

  it.each([undefined, null, 'text', 5, {}])('survives %j', (thrown) => {
    expect(typeof factsOf(thrown).message).toBe('string');
  });
});

describe('slimCause', () => {
  it('keeps words and stack, and nothing of the request', async () => {
    const secret = 'FwoGZXIvYXdzEXAMPLETOKEN';
    const body = `<Error><Code>SignatureDoesNotMatch</Code><Message>No.</Message><CanonicalRequest>x-amz-security-token:${secret}</CanonicalRequest></Error>`;
    const error = await failureOf({ status: 403, headers: { 'content-type': 'application/xml' }, body });
    expect(inspect(error, { depth: null, showHidden: true })).toContain(secret);
    const cause = slimCause(error);
    expect(cause).toMatchObject({ name: 'SignatureDoesNotMatch', message: 'No.' });
    expect(inspect(cause, { depth: null, showHidden: true })).not.toContain(secret);
  });
});
