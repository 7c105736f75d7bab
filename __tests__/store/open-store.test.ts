import { afterEach, expect, it } from '@jest/globals';
import { type S3Server, startS3Server } from '../../dev/s3-server/server.ts';
import { openStore } from '../../src/store/open-store.ts';
import { NETWORK } from '../aws/support/clients.ts';
import { recordingLog } from '../aws/support/log.ts';
import { virtualTime } from '../virtual-time.ts';

let server: S3Server | undefined;
afterEach(() => server?.close());

it.each([
  ['does not answer', { type: 'reset' }],
  ['says no more than 503', { type: 'error', status: 503, code: 'ServiceUnavailable' }],
] as const)('says once what it waits for where a store that is asked for its region %s', async (_trouble, action) => {
  server = await startS3Server({ buckets: ['acme'] });
  server.faults.add({ match: { operation: 'HeadBucket' }, action, times: 20 });
  const log = recordingLog();
  const { region } = await openStore(
    { bucket: 'acme', prefix: '', series: 'site', endpoint: server.url, forcePathStyle: true },
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
  expect(region).toBe(server.region);
  expect(server.faults.unfired()).toEqual([]);
  expect(log.lines).toEqual([
    expect.stringMatching(/^Waiting for the store for up to \d+ s, as every request fails: /),
    expect.stringMatching(/^The store answers again after \d+ s$/),
    `The bucket acme is in the region ${server.region}`,
  ]);
});
