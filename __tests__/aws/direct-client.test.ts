import { text } from 'node:stream/consumers';
import { describe, expect, it } from '@jest/globals';
import { createS3Agents, createS3Client, type S3ClientOptions } from '../../src/aws/clients.ts';
import { createDirectClient, type DirectRequest, headersOf } from '../../src/aws/direct-client.ts';
import { RequestMeter } from '../../src/aws/request-meter.ts';
import { StoreClock } from '../../src/aws/store-clock.ts';
import { KEYS, NETWORK } from './support/clients.ts';
import { s3Error, serve } from './support/http-server.ts';

const NEVER = new AbortController().signal;
const GET: DirectRequest = {
  method: 'GET',
  key: 'a b/ü+(1)',
  headers: { range: 'bytes=0-1' },
  payload: 'ab'.repeat(32),
};

function direct(bucket: string, options: Partial<S3ClientOptions>, clock = new StoreClock()) {
  const whole = { ...NETWORK, region: 'eu-west-1', credentials: KEYS, concurrency: 2, ...options, clock };
  return createDirectClient(bucket, createS3Client(whole), { ...whole, agents: createS3Agents(whole) });
}

describe('DirectClient', () => {
  it('puts the bucket into the path of an endpoint, and encodes the key as S3 signs it', async () => {
    const server = await serve(() => ({ status: 200, body: 'ok' }));
    const reply = await direct('bucket', { endpoint: new URL(`${server.url.href}base/`) }).send(GET, NEVER);
    expect(await text(reply)).toBe('ok');
    expect(server.seen[0]?.url).toBe('/base/bucket/a%20b/%C3%BC%2B%281%29');
    expect(server.seen[0]?.headers).toMatchObject({
      host: server.url.host,
      range: 'bytes=0-1',
      'user-agent': 'versioned-s3-backup/0.0.0',
      'x-amz-content-sha256': 'ab'.repeat(32),
      authorization: expect.stringMatching(/SignedHeaders=host;range;x-amz-content-sha256;x-amz-date,/),
    });
  });

  it.each([
    ['bucket', {}, 'bucket.s3.eu-west-1.amazonaws.com', ''],
    ['with.dots', {}, 's3.eu-west-1.amazonaws.com', '/with.dots'],
    ['bucket', { forcePathStyle: true }, 's3.eu-west-1.amazonaws.com', '/bucket'],
    [
      'arn:aws:s3:eu-west-1:123456789012:accesspoint/point',
      {},
      'point-123456789012.s3-accesspoint.eu-west-1.amazonaws.com',
      '',
    ],
  ])('finds Amazon as the SDK does: %s %j', async (bucket, options, host, path) => {
    const proxy = await serve(
      () => ({ status: 500 }),
      (it) => it.on('connect', (_request, socket) => socket.end('HTTP/1.1 200 OK\r\n\r\n')),
    );
    const client = direct(bucket, { ...options, proxy: { httpsProxy: proxy.url.href } });
    expect(await client.place()).toMatchObject({ url: expect.objectContaining({ host }), basePath: path });
    expect(await client.isSecure()).toBe(true);
  });

  it('refuses what is signed in another way', async () => {
    await expect(direct('data--euw1-az1--x-s3', {}).place()).rejects.toThrow(
      /^The input `bucket` is "data--euw1-az1--x-s3", but directory buckets/,
    );
  });

  it('counts, and takes the time from every reply', async () => {
    const date = 'Sun, 22 Nov 2026 08:09:10 GMT';
    const server = await serve(() => s3Error(503, 'SlowDown', 'slower', { date }));
    const [meter, clock] = [new RequestMeter(), new StoreClock(() => 0)];
    const client = direct('bucket', { endpoint: server.url, meter }, clock);
    const put: DirectRequest = {
      ...GET,
      method: 'PUT',
      query: { partNumber: '1', uploadId: 'a/b+c' },
      body: Buffer.from('x'),
    };
    await expect(client.send(put, NEVER)).rejects.toMatchObject({ name: 'SlowDown', message: 'slower' });
    expect(server.seen[0]?.url).toBe('/bucket/a%20b/%C3%BC%2B%281%29?partNumber=1&uploadId=a%2Fb%2Bc');
    expect(clock.now().toUTCString()).toBe(date);
    expect(meter.counts()).toEqual({ writes: 1, reads: 0, free: 0 });
  });

  it("signs with the store's time once that is known", async () => {
    const date = 'Sun, 22 Nov 2026 08:09:10 GMT';
    const server = await serve(() => ({ status: 200, headers: { date, etag: '"1"' } }));
    const client = direct('bucket', { endpoint: server.url }, new StoreClock(() => 0));
    for (const _ of [1, 2]) expect(await headersOf(await client.send(GET, NEVER))).toMatchObject({ etag: '"1"' });
    expect(server.seen[1]?.headers['x-amz-date']).toBe('20261122T080910Z');
  });
});
