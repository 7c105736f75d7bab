import type { Agent } from 'node:http';
import { HeadObjectCommand, ListObjectsV2Command, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { describe, expect, it } from '@jest/globals';
import {
  CONNECTION_TIMEOUT_MS,
  createS3Client,
  S3_IDLE_TIMEOUT_MS,
  S3_MAX_ATTEMPTS,
  S3_REQUEST_TIMEOUT_MS,
  type StsOptions,
  stsClientConfig,
  stsUrl,
} from '../../src/aws/clients.ts';
import { KEYS, NETWORK, testClient } from './support/clients.ts';
import { s3Error, serve } from './support/http-server.ts';

const OBJECT = { Bucket: 'bucket', Key: 'a/b' };
const MIB = 1024 * 1024;

interface HandlerConfig {
  readonly connectionTimeout?: number;
  readonly httpAgent?: Agent;
}

/** The settings the handler really uses; it has them after its first request. */
function handlerConfig({ config }: S3Client): HandlerConfig {
  const read: unknown = Reflect.get(config.requestHandler, 'httpHandlerConfigs');
  return typeof read === 'function' ? read.call(config.requestHandler) : {};
}

describe('createS3Client for an endpoint', () => {
  it('puts the bucket into the path, unless told otherwise', async () => {
    const server = await serve(() => ({ status: 200 }));
    await testClient(server.url).send(new PutObjectCommand({ ...OBJECT, Body: 'x' }));
    expect(server.seen[0]?.url).toMatch(/^\/bucket\/a\/b\?/);
    const { forcePathStyle } = testClient(server.url, { forcePathStyle: false }).config;
    expect(forcePathStyle).toBe(false);
  });

  it('sends large bodies without Expect: 100-continue', async () => {
    const server = await serve(() => ({ status: 200 }));
    await testClient(server.url).send(new PutObjectCommand({ ...OBJECT, Body: Buffer.alloc(3 * MIB) }));
    expect(server.seen[0]?.headers.expect).toBeUndefined();
  });

  it('sends no checksums that only Amazon is sure to take', async () => {
    const server = await serve(() => ({ status: 200 }));
    await testClient(server.url).send(new PutObjectCommand({ ...OBJECT, Body: 'x' }));
    const names = Object.keys(server.seen[0]?.headers ?? {});
    expect(
      names.filter((name) => name.startsWith('x-amz-checksum') || name === 'x-amz-sdk-checksum-algorithm'),
    ).toEqual([]);
  });

  it('says who it is', async () => {
    const server = await serve(() => ({ status: 200 }));
    await testClient(server.url).send(new PutObjectCommand({ ...OBJECT, Body: 'x' }));
    expect(server.seen[0]?.headers['user-agent']).toContain('versioned-s3-backup/0.0.0');
  });

  it('tries again as often as asked, and once where the caller does it', async () => {
    const server = await serve(() => s3Error(500, 'InternalError'));
    const once = testClient(server.url, { maxAttempts: 1 }).send(new HeadObjectCommand(OBJECT));
    await expect(once).rejects.toThrow();
    expect(server.seen).toHaveLength(1);
    expect(await testClient(server.url).config.maxAttempts()).toBe(S3_MAX_ATTEMPTS);
  });

  it('sends no signature when unsigned', async () => {
    const server = await serve(() => ({ status: 200 }));
    await testClient(server.url, { unsigned: true }).send(new HeadObjectCommand(OBJECT));
    expect(server.seen[0]?.headers.authorization).toBeUndefined();
  });

  it('waits for nothing without end', async () => {
    const server = await serve(() => ({ status: 200 }));
    const client = testClient(server.url);
    await client.send(new HeadObjectCommand(OBJECT));
    expect(handlerConfig(client)).toMatchObject({
      connectionTimeout: CONNECTION_TIMEOUT_MS,
      socketTimeout: S3_IDLE_TIMEOUT_MS,
      requestTimeout: S3_REQUEST_TIMEOUT_MS,
      throwOnRequestTimeout: true,
    });
  });

  it('opens more connections than there are uploads in parallel', async () => {
    const server = await serve(() => ({ status: 200 }));
    const client = testClient(server.url, { concurrency: 100 });
    await client.send(new HeadObjectCommand(OBJECT));
    expect(handlerConfig(client).httpAgent?.maxSockets).toBeGreaterThan(100);
  });
});

describe('createS3Client for Amazon', () => {
  const client = createS3Client({ ...NETWORK, region: 'eu-west-1', credentials: KEYS, concurrency: 2 });

  it('uses what Amazon supports', async () => {
    expect(await client.config.requestChecksumCalculation()).toBe('WHEN_SUPPORTED');
    expect(await client.config.responseChecksumValidation()).toBe('WHEN_SUPPORTED');
    expect(client.config.forcePathStyle).toBe(false);
    expect(client.config.followRegionRedirects).toBe(false);
  });
});

describe('the proxy', () => {
  it('carries http requests, with the host it was asked for', async () => {
    const proxy = await serve(() => ({
      status: 200,
      headers: { 'content-type': 'application/xml' },
      body: '<ListBucketResult/>',
    }));
    const settings = { httpProxy: `http://user:pass@${proxy.url.host}` };
    const client = testClient(new URL('http://s3.test:8000'), { proxy: settings });
    await client.send(new ListObjectsV2Command({ Bucket: 'bucket', Prefix: 'p/' }));
    expect(proxy.seen[0]?.url).toMatch(/^http:\/\/s3\.test:8000\/bucket/);
    expect(proxy.seen[0]?.headers['proxy-authorization']).toBe(`Basic ${Buffer.from('user:pass').toString('base64')}`);
  });

  it('is asked for a tunnel for https', async () => {
    const tunnels: (string | undefined)[] = [];
    const refuse = (server: import('node:http').Server) =>
      server.on('connect', (request, socket) => {
        tunnels.push(request.url);
        socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
      });
    const proxy = await serve(() => ({ status: 500 }), refuse);
    const client = testClient(new URL('https://s3.test'), { proxy: { httpsProxy: proxy.url.href }, maxAttempts: 1 });
    await expect(client.send(new HeadObjectCommand(OBJECT))).rejects.toThrow();
    expect(tunnels).toEqual(['s3.test:443']);
  });

  it('is passed by where no_proxy says so', async () => {
    const server = await serve(() => ({ status: 200 }));
    const proxy = { httpProxy: 'http://127.0.0.1:1', noProxy: '*' };
    await testClient(server.url, { proxy }).send(new HeadObjectCommand(OBJECT));
    expect(server.seen).toHaveLength(1);
  });
});

describe('stsClientConfig', () => {
  const options = (more: Partial<StsOptions>): StsOptions => ({ ...NETWORK, region: undefined, ...more });

  it.each([
    ['eu-west-1', undefined, 'eu-west-1'],
    ['us-gov-east-1', 'aws-us-gov', 'us-gov-east-1'],
    ['auto', undefined, 'us-east-1'],
    ['garage', undefined, 'us-east-1'],
    [undefined, 'aws-cn', 'cn-north-1'],
  ])('region %s, partition %s: asks in %s', (region, partition, expected) => {
    const config = stsClientConfig(options({ region, ...(partition && { partition }) }));
    expect(config.region).toBe(expected);
  });

  it('asks at sts-endpoint if there is one', () => {
    const endpoint = new URL('http://127.0.0.1:9000/sts');
    expect(stsClientConfig(options({ endpoint })).endpoint).toBe(endpoint.href);
    expect(stsUrl(options({ endpoint }))).toEqual(endpoint);
    expect(stsUrl(options({ region: 'eu-west-1' })).host).toBe('sts.eu-west-1.amazonaws.com');
  });
});
