import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { BackupError } from '../../src/errors.ts';
import { virtualTime } from '../virtual-time.ts';
import { FaultWorld, PART_BYTES } from './fault-world.ts';
import { count } from './ledger.ts';
import { expectWhole } from './reference.ts';

const PARTS = 64;
const CONCURRENCY = 8;
const FOR_GOOD = Number.POSITIVE_INFINITY;
const CANCELLATIONS = 50;

const smallFiles = (files: number) =>
  Object.fromEntries(Array.from({ length: files }, (_, n) => [`small/${n}`, `${n}`]));

let world: FaultWorld;
let root: string;
beforeAll(async () => {
  world = await FaultWorld.start();
  root = await world.tree({ 'large.bin': randomBytes(PARTS * PART_BYTES), 'small.txt': 'small' });
});
afterAll(() => world[Symbol.asyncDispose]());

describe('an outage of 60 s in the middle of an upload of 64 parts', () => {
  it('is waited out, costs at most the parts in flight, and is said once', async () => {
    const bucket = world.bucket();
    const { faults, requests } = world.server;
    requests.clear();
    faults.add({
      match: { operation: 'UploadPart', request: PARTS / 2 },
      when: 'before',
      times: FOR_GOOD,
      action: { type: 'reset' },
    });
    const time = virtualTime();
    let overAtMs = FOR_GOOD;
    const sleep = async (ms: number) => {
      if (overAtMs === FOR_GOOD) overAtMs = time.monotonicMs() + 60_000;
      await time.sleep(ms);
      if (time.monotonicMs() >= overAtMs) faults.clear();
    };
    const lines: string[] = [];
    const report = await world.backup(bucket, root, { time: { ...time, sleep }, concurrency: CONCURRENCY, lines });
    expect(time.monotonicMs()).toBeGreaterThanOrEqual(60_000);
    expect(report?.uploadedBytes).toBe(PARTS * PART_BYTES + 5);
    const received = requests
      .filter(({ operation }) => operation === 'UploadPart')
      .reduce((sum, { bytesReceived }) => sum + bytesReceived, 0);
    expect(received).toBeLessThanOrEqual((PARTS + CONCURRENCY) * PART_BYTES);
    expect(lines.filter((line) => line.startsWith('Waiting for the store'))).toHaveLength(1);
    expect(lines.filter((line) => line.startsWith('The store answers again'))).toHaveLength(1);
    await expectWhole(world, bucket);
    count('an outage of 60 s in the middle of an upload', 1);
  });
});

describe('a cancellation', () => {
  it(`leaves no upload open and nothing half visible, at ${CANCELLATIONS} points`, async () => {
    const few = await world.tree({ 'large.bin': randomBytes(5 * PART_BYTES), ...smallFiles(CANCELLATIONS) });
    const reason = new BackupError('The step was cancelled.', { class: 'local', code: 'SIGINT' });
    for (let point = 1; point <= CANCELLATIONS; point++) {
      const bucket = world.bucket();
      const controller = new AbortController();
      const gate = world.server.faults.gate({ bucket, request: point });
      const run = world.backup(bucket, few, { concurrency: CONCURRENCY, signal: controller.signal });
      const outcome = run.then(
        () => undefined,
        (error: unknown) => error,
      );
      await Promise.race([gate.arrived(), outcome]);
      controller.abort(reason);
      // The reply that names an upload may come late; the others never do.
      setImmediate(() => gate.release());
      expect(await outcome).toBe(reason);
      world.server.faults.clear();
      expect(world.server.admin.listUploads(bucket)).toEqual([]);
      await expectWhole(world, bucket);
    }
    count('cancelled at a request', CANCELLATIONS);
  });
});
