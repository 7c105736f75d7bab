import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { buffer } from 'node:stream/consumers';
import { afterEach, expect, it } from '@jest/globals';
import { type S3Server, startS3Server } from '../../dev/s3-server/server.ts';
import { objectKey } from '../../src/store/object-key.ts';
import { type OpenStore, openStore, type StorePlace } from '../../src/store/open-store.ts';
import { NETWORK } from '../aws/support/clients.ts';
import { recordingLog } from '../aws/support/log.ts';
import { virtualTime } from '../virtual-time.ts';

let server: S3Server | undefined;
afterEach(() => server?.close());

const environment = { ...process.env };
afterEach(() => {
  process.env = { ...environment };
});

function open({ url }: S3Server, place: Partial<StorePlace> = {}, log = recordingLog()): Promise<OpenStore> {
  return openStore(
    { bucket: 'acme', prefix: '', series: 'site', endpoint: url, forcePathStyle: true, ...place },
    { audience: '', roleDurationSeconds: 900, sessionPolicy: 'none' },
    {
      network: NETWORK,
      getIdToken: async () => '',
      onSecret: () => {},
      run: { repository: 'acme/site', runId: '1' },
      features: [],
      concurrency: 4,
      signal: new AbortController().signal,
      retry: virtualTime(),
      log,
    },
  );
}

it.each([
  ['does not answer', { type: 'reset' }],
  ['says no more than 503', { type: 'error', status: 503, code: 'ServiceUnavailable' }],
] as const)('says once what it waits for where a store that is asked for its region %s', async (_trouble, action) => {
  server = await startS3Server({ buckets: ['acme'] });
  server.faults.add({ match: { operation: 'HeadBucket' }, action, times: 20 });
  const log = recordingLog();
  const { region } = await open(server, {}, log);
  expect(region).toBe(server.region);
  expect(server.faults.unfired()).toEqual([]);
  expect(log.lines).toEqual([
    expect.stringMatching(/^Waiting for the store for up to \d+ s, as every request fails: /),
    expect.stringMatching(/^The store answers again after \d+ s$/),
    `The bucket acme is in the region ${server.region}`,
  ]);
});

it('sends what goes by the SDK and what goes around it over the same connection', async () => {
  server = await startS3Server({ buckets: ['acme'] });
  const { accessKeyId, secretAccessKey } = server.credentials;
  Object.assign(process.env, { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey });
  const { store } = await open(server, { region: server.region });
  const key = objectKey('site/a');
  let connections = 0;
  const count = () => void connections++;
  subscribe('net.client.socket', count);
  try {
    for await (const _ of store.list('site/')) throw new Error('the bucket is empty');
    await store.put(key, Buffer.from('text'));
    expect(await store.head(key)).toMatchObject({ size: 4 });
    expect(String(await buffer((await store.get(key)).body))).toBe('text');
  } finally {
    unsubscribe('net.client.socket', count);
  }
  expect(server.requests.counts()).toEqual({ ListObjectsV2: 1, PutObject: 1, HeadObject: 1, GetObject: 1 });
  expect(connections).toBe(1);
});
