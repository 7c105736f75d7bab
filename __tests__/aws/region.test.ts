import { describe, expect, it } from '@jest/globals';
import { findRegion } from '../../src/aws/region.ts';
import { NETWORK } from './support/clients.ts';
import { type Reply, serve } from './support/http-server.ts';

const QUERY = { ...NETWORK, signal: new AbortController().signal };

async function find(reply: Reply) {
  const server = await serve(() => reply);
  return { server, region: findRegion({ ...QUERY, bucket: 'acme-backups', endpoint: server.url }) };
}

/** What Amazon says goes through a proxy here, as nothing else of it can be had in a test. */
async function findAtAmazon(reply: Reply, partition?: string) {
  const server = await serve(() => reply);
  const proxy = { httpProxy: server.url.href };
  const endpoint = new URL('http://s3.amazonaws.com');
  return {
    server,
    region: findRegion({ ...QUERY, proxy, bucket: 'acme-backups', endpoint, ...(partition && { partition }) }),
  };
}

describe('findRegion', () => {
  it.each([200, 301, 400, 403])('reads the region from a reply with status %i', async (status) => {
    const { server, region } = await find({ status, headers: { 'x-amz-bucket-region': 'eu-central-1' } });
    expect(await region).toBe('eu-central-1');
    expect(server.seen).toHaveLength(1);
    expect(server.seen[0]).toMatchObject({ method: 'HEAD', url: '/acme-backups/' });
    expect(server.seen[0]?.headers.authorization).toBeUndefined();
  });

  it.each([200, 403, 400])('is us-east-1 for a store that has no regions (status %i)', async (status) => {
    const { region } = await find({ status });
    expect(await region).toBe('us-east-1');
  });

  it('is what the host says for a store that names it there', async () => {
    const proxy = await serve(() => ({ status: 403 }));
    const endpoint = new URL('http://s3.us-west-004.backblazeb2.com');
    const query = { ...QUERY, proxy: { httpProxy: proxy.url.href }, bucket: 'b', endpoint };
    expect(await findRegion(query)).toBe('us-west-004');
  });

  it('says that a bucket does not exist', async () => {
    const { region } = await find({ status: 404 });
    await expect(region).rejects.toMatchObject({ input: 'bucket', message: expect.stringContaining('"acme-backups"') });
  });

  it('asks Amazon in the partition of the role', async () => {
    const { server, region } = await findAtAmazon(
      { status: 403, headers: { 'x-amz-bucket-region': 'cn-northwest-1' } },
      'aws-cn',
    );
    expect(await region).toBe('cn-northwest-1');
    expect(server.seen).toHaveLength(1);
  });

  it('does not guess where Amazon does not say', async () => {
    const { region } = await findAtAmazon({ status: 403 });
    await expect(region).rejects.toMatchObject({
      input: 'aws-region',
      message: expect.stringContaining('set aws-region'),
    });
  });

  it('refuses what is no bucket name', async () => {
    const server = await serve(() => ({ status: 200 }));
    const region = findRegion({ ...QUERY, bucket: 'acme/backups', endpoint: server.url });
    await expect(region).rejects.toMatchObject({ input: 'bucket', message: expect.stringContaining('"acme/backups"') });
    expect(server.seen).toHaveLength(0);
  });

  it('ends with the reason of the signal, also while a reply is awaited', async () => {
    const controller = new AbortController();
    const reason = new Error('stop');
    const server = await serve(() => {
      controller.abort(reason);
      return { status: 503 };
    });
    const query = { ...NETWORK, bucket: 'b', endpoint: server.url, signal: controller.signal };
    await expect(findRegion(query)).rejects.toBe(reason);
    await expect(findRegion(query)).rejects.toBe(reason);
    expect(server.seen).toHaveLength(1);
  });
});
