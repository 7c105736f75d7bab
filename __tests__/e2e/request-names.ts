import { expect } from '@jest/globals';
import type { StepResult } from '../../dev/runner/index.ts';
import type { RequestRecord } from '../../dev/s3-server/request-log.ts';
import type { Bucket } from './bucket.ts';
import { SERIES } from './stored.ts';
import type { EmbeddedWorld } from './world.ts';

/** `PutObject claims/000001.json`, with the ID of the version and the number of a part left out. */
function nameOf({ operation, key, query, status = 0 }: RequestRecord): string {
  const prefix = new URLSearchParams(query).get('prefix') ?? '';
  const place = (key || prefix).replace(SERIES, '').replace(/dist_(full|incremental)_\d{8}T\d{6}Z_/, '');
  return [operation, place, ...(status < 400 ? [] : [status])].filter((part) => part !== '').join(' ');
}

export const requestsTo = ({ server }: EmbeddedWorld, bucket: Bucket) =>
  server.requests.filter(({ bucket: name }) => name === bucket.name);

/** What a step asked of the store, sorted, as much of it is at once; checks that the output says the same number. */
export async function requestNames(
  world: EmbeddedWorld,
  bucket: Bucket,
  run: () => Promise<StepResult>,
): Promise<string[]> {
  world.server.requests.clear();
  const { exitCode, outputs, log } = await run();
  expect({ exitCode, log: exitCode === 0 || log }).toEqual({ exitCode: 0, log: true });
  const requests = requestsTo(world, bucket);
  expect(outputs.requests).toBe(String(requests.length));
  return requests.map(nameOf).sort();
}
