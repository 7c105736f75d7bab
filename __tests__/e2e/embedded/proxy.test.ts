import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { StepResult } from '../../../dev/runner/index.ts';
import { selfSignedCertificate } from '../../../dev/s3-server/oidc/certificate.ts';
import type { Bucket } from '../bucket.ts';
import { type ConnectProxy, startConnectProxy } from '../connect-proxy.ts';
import { leaks } from '../leaks.ts';
import { type Relay, startRelay } from '../relay.ts';
import { expectRestorable } from '../stored.ts';
import { type BackupCall, type EmbeddedWorld, startEmbeddedWorld, withWorkspace } from '../world.ts';

/** Resolves nowhere (RFC 6761): whoever gets an answer from it got there by the proxy. */
const HOST = 's3.test.invalid';
const USER = 'proxy-user';
const PASSWORD = 'p@ss/word:of-the-proxy';
const AUTHORIZATION = `Basic ${Buffer.from(`${USER}:${PASSWORD}`).toString('base64')}`;

let world: EmbeddedWorld;
let httpProxy: Relay;
let tlsEnd: Relay;
let httpsProxy: ConnectProxy;
let directory: string;
let certificate: string;

beforeAll(async () => {
  world = await startEmbeddedWorld();
  const pair = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const der = selfSignedCertificate(pair, HOST, new Date()).toString('base64');
  const cert = `-----BEGIN CERTIFICATE-----\n${der.replaceAll(/.{64}/g, '$&\n')}\n-----END CERTIFICATE-----\n`;
  directory = await mkdtemp(join(tmpdir(), 'proxy-'));
  certificate = join(directory, 'ca.pem');
  await writeFile(certificate, cert);
  httpProxy = await startRelay(world.endpoint);
  tlsEnd = await startRelay(world.endpoint, {
    key: pair.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    cert,
  });
  httpsProxy = await startConnectProxy(tlsEnd.url);
});
afterAll(async () => {
  await httpsProxy.close();
  await tlsEnd.close();
  await httpProxy.close();
  await world.close();
  await rm(directory, { recursive: true });
});

const withPassword = (url: string) => url.replace('://', `://${USER}:${encodeURIComponent(PASSWORD)}@`);

async function backup(bucket: Bucket, endpoint: string, env: NonNullable<BackupCall['env']>): Promise<StepResult> {
  return withWorkspace(async (workspace) => {
    await writeFile(join(workspace, 'a.txt'), 'content\n');
    const result = await world.backup(bucket, {
      workspace,
      inputs: { endpoint, 'sts-endpoint': endpoint },
      env,
      debug: true,
    });
    expect(leaks(result, [PASSWORD, encodeURIComponent(PASSWORD), AUTHORIZATION])).toEqual([]);
    return result;
  });
}

async function expectBackedUp(bucket: Bucket, result: StepResult): Promise<void> {
  expect(result).toMatchObject({ exitCode: 0, outputs: { version: '1' } });
  await expectRestorable(bucket, result.outputs['record-key'] ?? '');
}

describe('a proxy', () => {
  it('of http_proxy carries requests of S3 and STS alike, with the password of its URL', async () => {
    const bucket = await world.createBucket();
    const env = { http_proxy: withPassword(httpProxy.url), https_proxy: 'http://127.0.0.1:1' };
    const result = await backup(bucket, `http://${HOST}`, env);
    await expectBackedUp(bucket, result);
    // Of the plain http, said once for both.
    expect(result.annotations.map(({ title }) => title)).toEqual(['Insecure endpoint (2 times)']);
    const { requests, sessions } = httpProxy;
    expect(sessions).toHaveLength(1);
    expect(requests).toHaveLength(Number(result.outputs.requests) + 1);
    for (const { target, headers } of requests) {
      expect(target).toMatch(new RegExp(`^http://${HOST}/`));
      expect(headers['proxy-authorization']).toBe(AUTHORIZATION);
    }
  });

  it('of https_proxy is asked for tunnels, and sees nothing of what goes through them', async () => {
    const bucket = await world.createBucket();
    const env = {
      HTTPS_PROXY: withPassword(httpsProxy.url),
      http_proxy: 'http://127.0.0.1:1',
      NODE_EXTRA_CA_CERTS: certificate,
    };
    const result = await backup(bucket, `https://${HOST}`, env);
    await expectBackedUp(bucket, result);
    expect(result.annotations).toEqual([]);
    expect(tlsEnd.requests).toHaveLength(Number(result.outputs.requests) + 1);
    expect(httpsProxy.tunnels.length).toBeGreaterThan(0);
    for (const { authority, headers } of httpsProxy.tunnels) {
      expect(authority).toBe(`${HOST}:443`);
      expect(headers['proxy-authorization']).toBe(AUTHORIZATION);
      expect(headers.authorization).toBeUndefined();
    }
  });

  it('is passed by for what no_proxy lists', async () => {
    const bucket = await world.createBucket();
    const seen = httpProxy.requests.length;
    // Not loopback by name, which never goes by a proxy, and yet this machine.
    const endpoint = world.endpoint.replace('127.0.0.1', '[::ffff:127.0.0.1]');
    const proxies = { http_proxy: httpProxy.url };
    const { hostname } = new URL(endpoint);
    await expectBackedUp(bucket, await backup(bucket, endpoint, { ...proxies, no_proxy: `example.com, ${hostname}` }));
    expect(httpProxy.requests).toHaveLength(seen);

    await backup(bucket, endpoint, { ...proxies, no_proxy: 'example.com' });
    expect(httpProxy.requests.length).toBeGreaterThan(seen);
  });

  it('that is not a URL is refused without showing it', async () => {
    const bucket = await world.createBucket();
    const result = await backup(bucket, `http://${HOST}`, { http_proxy: 'http://user:pass-of-nobody@:not-a-port' });
    expect(result.exitCode).toBe(1);
    expect(result.annotations.find(({ level }) => level === 'error')?.message).toBe(
      'http_proxy does not hold a URL: give it in the form http://proxy.example.com:3128.',
    );
    expect(leaks(result, ['pass-of-nobody'])).toEqual([]);
  });
});
