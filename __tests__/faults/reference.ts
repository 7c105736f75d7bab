import { expect } from '@jest/globals';
import type { RequestRecord } from '../../dev/s3-server/request-log.ts';
import { sha256Hex } from '../../dev/s3-server/sigv4/signature.ts';
import type { BucketState } from './bucket-state.ts';
import type { FaultWorld } from './fault-world.ts';
import type { Scenario, Start } from './scenarios.ts';

/** A scenario as it goes where nothing fails. */
export interface Reference {
  readonly start: Start;
  readonly requests: readonly RequestRecord[];
  readonly result: unknown;
  readonly state: BucketState;
}

export async function referenceOf(world: FaultWorld, scenario: Scenario): Promise<Reference> {
  const start = await scenario.prepare(world);
  const bucket = world.bucket(start.bucket);
  world.server.requests.clear();
  const result = await scenario.run(world, bucket, start, {});
  const requests = [...world.server.requests.all];
  await expectWhole(world, bucket, start);
  return { start, result, requests, state: await world.state(bucket) };
}

/** Numbers of the versions that are visible. */
const numbersIn = (state: BucketState): number[] =>
  Object.keys(state).flatMap((key) => {
    const [, number] = /\/versions\/.*_(\d{6})\.json$/.exec(key) ?? [];
    return number === undefined ? [] : [Number(number)];
  });

/** The highest number that is visible; 0 where there is no version. */
export const newestIn = (state: BucketState): number => Math.max(0, ...numbersIn(state));

/**
 * Whatever is visible is whole: every version lists, verifies to its last byte, and restores to what was backed up. What
 * was the newest version at the start is among them, or a newer one is: no prune takes it away. What a bucket of the same
 * state has been asked already is not asked again.
 */
export async function expectWhole(world: FaultWorld, bucket: string, { tree, before }: Start): Promise<void> {
  const state = await world.state(bucket);
  expect(newestIn(state)).toBeGreaterThanOrEqual(before.length);
  const fingerprint = sha256Hex(JSON.stringify(state));
  if (world.foundWhole.has(fingerprint)) return;
  const numbers = numbersIn(state);
  if (numbers.length > 0) {
    expect(await world.verify(bucket)).toMatchObject({ versions: { length: numbers.length }, damaged: { count: 0 } });
  }
  for (const number of numbers) {
    expect(await world.restore(bucket, String(number))).toEqual(before[number - 1] ?? tree);
  }
  world.foundWhole.add(fingerprint);
}
