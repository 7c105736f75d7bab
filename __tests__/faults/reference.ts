import { expect } from '@jest/globals';
import type { RequestRecord } from '../../dev/s3-server/request-log.ts';
import type { FaultWorld } from './fault-world.ts';
import type { Scenario, Start } from './scenarios.ts';

/** A scenario as it goes where nothing fails. */
export interface Reference {
  readonly start: Start;
  readonly requests: readonly RequestRecord[];
  readonly result: unknown;
  readonly state: Readonly<Record<string, string>>;
}

export async function referenceOf(world: FaultWorld, scenario: Scenario): Promise<Reference> {
  const start = await scenario.prepare(world);
  const bucket = world.bucket(start.bucket);
  world.server.requests.clear();
  const result = await scenario.run(world, bucket, start, {});
  return { start, result, requests: [...world.server.requests.all], state: await world.state(bucket) };
}

/** Whatever is visible is whole: every byte of every version. */
export async function expectWhole(world: FaultWorld, bucket: string): Promise<void> {
  if (world.server.admin.listObjects(bucket).every(({ key }) => !key.includes('/versions/'))) return;
  expect(await world.verify(bucket)).toMatchObject({ damaged: { count: 0 } });
}
