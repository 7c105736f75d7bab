import { createHash } from 'node:crypto';
import { GetObjectCommand, HeadObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { describe, expect, it } from '@jest/globals';
import { RequestMeter } from '../../src/aws/request-meter.ts';
import { StoreClock } from '../../src/aws/store-clock.ts';
import { testClient } from './support/clients.ts';
import { s3Error, serve } from './support/http-server.ts';

const OBJECT = { Bucket: 'b', Key: 'k' };
const sha256 = (text: string) => createHash('sha256').update(text);

describe('watchHttp', () => {
  it('counts each attempt, not each call', async () => {
    const server = await serve((_request, number) => (number < 3 ? s3Error(500, 'InternalError') : { status: 200 }));
    const meter = new RequestMeter();
    await testClient(server.url, { meter }).send(new PutObjectCommand({ ...OBJECT, Body: 'x' }));
    expect(server.seen).toHaveLength(3);
    expect(meter.counts()).toEqual({ writes: 3, reads: 0, free: 0 });
  });

  it('takes the time of error replies as well', async () => {
    const date = 'Tue, 01 Jul 2025 12:00:00 GMT';
    const server = await serve(() => ({ status: 404, headers: { date } }));
    const clock = new StoreClock(() => 0);
    const head = testClient(server.url, { clock }).send(new HeadObjectCommand(OBJECT));
    await expect(head).rejects.toThrow();
    expect(clock.now().toUTCString()).toBe(date);
  });
});

describe('reusePayloadSha256', () => {
  it('signs the SHA-256 that is known, without hashing again', async () => {
    const server = await serve(() => ({ status: 200 }));
    // Of another text: were the body hashed again, the header would show the body's.
    const known = sha256('another text');
    const ChecksumSHA256 = known.copy().digest('base64');
    await testClient(server.url).send(new PutObjectCommand({ ...OBJECT, Body: 'body', ChecksumSHA256 }));
    expect(server.seen[0]?.headers['x-amz-content-sha256']).toBe(known.digest('hex'));
    expect(server.seen[0]?.headers.authorization).toMatch(/SignedHeaders=[^,]*x-amz-content-sha256/);
  });

  it('leaves the hashing to the signer where none is known', async () => {
    const server = await serve(() => ({ status: 200 }));
    await testClient(server.url).send(new PutObjectCommand({ ...OBJECT, Body: 'body' }));
    expect(server.seen[0]?.headers['x-amz-content-sha256']).toBe(sha256('body').digest('hex'));
  });

  it('does not touch requests without a body', async () => {
    const server = await serve(() => ({ status: 200, body: 'x' }));
    await testClient(server.url).send(new GetObjectCommand(OBJECT));
    expect(server.seen[0]?.headers['x-amz-content-sha256']).toBe(sha256('').digest('hex'));
  });
});

describe('retrySkewOnlyWhereRefused', () => {
  /** Nine hours ahead of this machine. */
  const date = () => new Date(Date.now() + 32_400_000).toUTCString();

  it.each([
    [404, 'NoSuchKey'],
    [412, 'PreconditionFailed'],
    [403, 'AccessDenied'],
  ])('does not repeat a %i %s on a machine with a wrong clock', async (status, code) => {
    const server = await serve(() => s3Error(status, code, '', { date: date() }));
    const put = testClient(server.url).send(new PutObjectCommand({ ...OBJECT, Body: 'x', IfNoneMatch: '*' }));
    await expect(put).rejects.toThrow();
    expect(server.seen).toHaveLength(1);
  });

  it.each([
    ['RequestTimeTooSkewed', new PutObjectCommand({ ...OBJECT, Body: 'x' })],
    ['', new HeadObjectCommand(OBJECT)],
  ])('repeats a request that was refused for it (%s)', async (code, command) => {
    const refusal = () =>
      code === '' ? { status: 403, headers: { date: date() } } : s3Error(403, code, '', { date: date() });
    const server = await serve((_request, number) => (number === 1 ? refusal() : { status: 200 }));
    await testClient(server.url).send(command as PutObjectCommand);
    expect(server.seen).toHaveLength(2);
    const days = server.seen.map(({ headers }) => headers['x-amz-date']);
    expect(days[1]).not.toBe(days[0]);
  });
});
