import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type S3Server, startS3Server } from '../../../../dev/s3-server/server.ts';

let server: S3Server;
beforeAll(async () => {
  server = await startS3Server({ admin: true });
});
afterAll(() => server.close());

async function call(method: string, path: string, body?: object): Promise<{ status: number; json: unknown }> {
  const response = await fetch(`${server.url}/_admin/${path}`, {
    method,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: response.status, json: await response.json() };
}

describe('the admin interface over HTTP', () => {
  it('sets things up', async () => {
    await call('POST', 'buckets', { name: 'made', versioning: true });
    const policy = { Statement: { Effect: 'Deny', Principal: '*', Action: '*', Resource: '*' } };
    expect((await call('PUT', 'buckets/made/policy', policy)).status).toBe(200);
    await call('POST', 'roles', { arn: 'arn:aws:iam::123456789012:role/r' });
    await call('POST', 'issuers', { url: 'https://issuer' });
    expect(await call('GET', 'buckets/made/versions')).toEqual({ status: 200, json: [] });
    expect(await call('GET', 'buckets/made/uploads')).toEqual({ status: 200, json: [] });
    expect((await call('DELETE', 'buckets/made/policy')).status).toBe(200);
  });

  it('scripts faults and reports them, and shows and clears the log', async () => {
    await call('POST', 'faults', {
      name: 'slow',
      match: { method: 'GET' },
      action: { type: 'error', status: 503, code: 'SlowDown' },
    });
    expect((await fetch(`${server.url}/made/k`)).status).toBe(503);
    expect((await call('GET', 'faults')).json).toEqual([{ name: 'slow', fired: 1, remaining: 0 }]);
    expect((await call('GET', 'requests')).json).toMatchObject([
      { operation: 'GetObject', status: 503, faults: ['slow'] },
    ]);
    await call('DELETE', 'requests');
    await call('DELETE', 'faults');
    expect((await call('GET', 'requests')).json).toEqual([]);
    expect((await call('GET', 'faults')).json).toEqual([]);
  });

  it('says what is wrong with a call', async () => {
    expect(await call('POST', 'faults', { action: { type: 'explode' } })).toMatchObject({ status: 400 });
    expect(await call('POST', 'buckets', { nmae: 'x' })).toMatchObject({ status: 400 });
    expect(await call('GET', 'buckets/none/objects')).toEqual({
      status: 400,
      json: { message: 'there is no bucket none' },
    });
    expect((await call('GET', 'nothing')).status).toBe(404);
  });

  it('is not there unless it is asked for', async () => {
    const closed = await startS3Server();
    expect((await fetch(`${closed.url}/_admin/requests`)).status).toBe(403);
    await closed.close();
  });
});
