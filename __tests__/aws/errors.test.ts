import {
  CompleteMultipartUploadCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { afterEach, describe, expect, it } from '@jest/globals';
import { type S3Server, startS3Server } from '../../dev/s3-server/server.ts';
import type { S3ClientOptions } from '../../src/aws/clients.ts';
import { toBackupError } from '../../src/aws/errors.ts';
import type { StoreRequest } from '../../src/aws/store-request.ts';
import { type BackupError, InputError } from '../../src/errors.ts';
import { testClient } from './support/clients.ts';
import { s3Error, serve } from './support/http-server.ts';

const OBJECT = { Bucket: 'acme', Key: 'k' };
const put =
  (more: object = {}) =>
  (client: S3Client) =>
    client.send(new PutObjectCommand({ ...OBJECT, Body: 'x', ...more }));

let server: S3Server | undefined;
afterEach(async () => {
  await server?.close();
  server = undefined;
});

/** What becomes of a request to a server that works like Amazon's. */
async function failure(
  send: (client: S3Client) => Promise<unknown>,
  request: Partial<StoreRequest> = {},
  options: Partial<S3ClientOptions> = {},
): Promise<BackupError> {
  server ??= await startS3Server({ buckets: ['acme', { name: 'far', region: 'eu-west-1' }] });
  const keys = server.credentials;
  const credentials = Object.assign(async () => keys, { memoized: true as const });
  const client = testClient(new URL(server.url), { maxAttempts: 1, credentials, ...options });
  const context: StoreRequest = { operation: 'PutObject', bucket: 'acme', key: 'k', region: 'us-east-1', ...request };
  return toBackupError(
    await send(client).then(
      () => undefined,
      (error: unknown) => error,
    ),
    context,
  );
}

const withKeys = (keys: { accessKeyId: string; secretAccessKey: string; sessionToken?: string }) => ({
  credentials: Object.assign(async () => keys, { memoized: true as const }),
});

describe('toBackupError', () => {
  it('says what is in the way of a new object', async () => {
    await failure(put());
    const error = await failure(put({ IfNoneMatch: '*' }));
    expect(error).toMatchObject({
      class: 'lost-race',
      details: { operation: 'PutObject', key: 'k', code: 'PreconditionFailed', httpStatus: 412, attempts: 1 },
    });
    expect(error.details.requestId).toBeTruthy();
  });

  it.each([
    ['GET', (client: S3Client) => client.send(new GetObjectCommand({ ...OBJECT, Key: 'none' })), 'NoSuchKey'],
    ['HEAD', (client: S3Client) => client.send(new HeadObjectCommand({ ...OBJECT, Key: 'none' })), 'NotFound'],
  ])('knows a missing object by %s', async (_method, send, code) => {
    expect(await failure(send)).toMatchObject({ class: 'not-found', details: { code } });
  });

  it('blames the bucket that does not exist', async () => {
    const list = (client: S3Client) => client.send(new ListObjectsV2Command({ Bucket: 'nowhere' }));
    const error = await failure(list, { operation: 'ListObjectsV2', bucket: 'nowhere' });
    expect(error).toBeInstanceOf(InputError);
    expect(error).toMatchObject({ class: 'input', input: 'bucket' });
  });

  it('blames the bucket for a HeadBucket that has only a status', async () => {
    const head = (client: S3Client) => client.send(new HeadBucketCommand({ Bucket: 'nowhere' }));
    const { key: _key, ...request } = { key: '', operation: 'HeadBucket', bucket: 'nowhere' };
    server = await startS3Server({});
    const client = testClient(new URL(server.url), withKeys(server.credentials));
    const error: unknown = await head(client).catch((reason: unknown) => reason);
    expect(toBackupError(error, request)).toMatchObject({ input: 'bucket' });
  });

  it('names the right region', async () => {
    const error = await failure(put({ Bucket: 'far' }), { bucket: 'far' });
    expect(error).toMatchObject({ input: 'aws-region', message: expect.stringContaining('set aws-region: eu-west-1') });
  });

  it('names the right region when only the head of a reply tells it', async () => {
    const head = (client: S3Client) => client.send(new HeadObjectCommand({ ...OBJECT, Bucket: 'far' }));
    const error = await failure(head, { operation: 'HeadObject', bucket: 'far' });
    expect(error).toMatchObject({ input: 'aws-region', message: expect.stringContaining('set aws-region: eu-west-1') });
  });

  it.each([
    ['InvalidAccessKeyId', { accessKeyId: 'AKIANOBODY', secretAccessKey: 'x' }, 'access key'],
    ['SignatureDoesNotMatch', { accessKeyId: 'AKIADEVELOPMENT00000', secretAccessKey: 'wrong' }, 'signature'],
  ])('explains %s', async (code, keys, words) => {
    const error = await failure(put(), {}, withKeys(keys));
    expect(error).toMatchObject({ class: 'permanent', details: { code }, message: expect.stringContaining(words) });
    expect(error.message).not.toContain(keys.secretAccessKey === 'x' ? keys.accessKeyId : keys.secretAccessKey);
  });

  it('blames the storage class the store does not have', async () => {
    const error = await failure(put({ StorageClass: 'NONSENSE' }), { storageClass: 'NONSENSE' });
    expect(error).toMatchObject({ input: 'storage-class', message: expect.stringContaining('"NONSENSE"') });
  });

  it('explains a bucket name that never left this machine', async () => {
    const error = await failure(put({ Bucket: 'acme/sub' }), { bucket: 'acme/sub' });
    expect(error).toMatchObject({ input: 'bucket', message: expect.stringContaining('"acme/sub"') });
  });

  it.each([
    ['expired', s3Error(400, 'ExpiredToken', 'The provided token has expired.'), 'PutObject'],
    ['expired', { status: 400 }, 'HeadObject'],
    ['throttled', s3Error(503, 'SlowDown'), 'PutObject'],
    ['throttled', { status: 503 }, 'HeadObject'],
    ['transient', { status: 503 }, 'PutObject'],
    ['transient', s3Error(500, 'InternalError'), 'PutObject'],
    ['conflict', s3Error(409, 'ConditionalRequestConflict'), 'PutObject'],
    [
      'permanent',
      s3Error(501, 'NotImplemented', 'A header you provided implies functionality that is not implemented'),
      'PutObject',
    ],
    ['permanent', s3Error(403, 'AccessDenied', 'Access Denied'), 'PutObject'],
  ] as const)('is of class %s', async (expected, reply, operation) => {
    const http = await serve(() => reply);
    const client = testClient(http.url, { maxAttempts: 1 });
    const sent = operation === 'HeadObject' ? client.send(new HeadObjectCommand(OBJECT)) : put()(client);
    const error: unknown = await sent.catch((reason: unknown) => reason);
    expect(toBackupError(error, { operation, bucket: 'acme', key: 'k' }).class).toBe(expected);
  });

  it('reads the error inside a 200', async () => {
    const http = await serve(() => ({ ...s3Error(200, 'PreconditionFailed', 'x') }));
    const complete = new CompleteMultipartUploadCommand({ ...OBJECT, UploadId: 'u', MultipartUpload: { Parts: [] } });
    const error: unknown = await testClient(http.url, { maxAttempts: 1 })
      .send(complete)
      .catch((reason: unknown) => reason);
    expect(toBackupError(error, { operation: 'CompleteMultipartUpload', bucket: 'acme', key: 'k' })).toMatchObject({
      class: 'lost-race',
      details: { code: 'PreconditionFailed' },
    });
  });

  it('says that the endpoint does not answer', async () => {
    const endpoint = new URL('http://127.0.0.1:1');
    const error: unknown = await put()(testClient(endpoint, { maxAttempts: 1 })).catch((reason: unknown) => reason);
    expect(toBackupError(error, { operation: 'PutObject', bucket: 'acme', endpoint })).toMatchObject({
      class: 'transient',
      message: expect.stringContaining('127.0.0.1:1 could not be reached'),
      details: { code: 'ECONNREFUSED' },
    });
  });

  it('takes an abort as the decision of this process', async () => {
    const abort = new AbortController();
    abort.abort();
    const sent = (client: S3Client) => client.send(new HeadObjectCommand(OBJECT), { abortSignal: abort.signal });
    expect(await failure(sent)).toMatchObject({ class: 'local', details: { code: 'AbortError' } });
  });

  it('passes on what is ours already', () => {
    const own = new InputError('role-to-assume', 'x');
    expect(toBackupError(own, { operation: 'PutObject', bucket: 'acme' })).toBe(own);
  });
});
