import { randomBytes } from 'node:crypto';
import { setImmediate as turn } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { RequestRecord } from '../../dev/s3-server/request-log.ts';
import { S3_IDLE_TIMEOUT_MS } from '../../src/aws/clients.ts';
import { BackupError } from '../../src/errors.ts';
import { snapshot } from '../e2e/compare-trees.ts';
import { virtualTime } from '../virtual-time.ts';
import { startBrokenHop } from './broken-hop.ts';
import { FaultWorld, PART_BYTES } from './fault-world.ts';
import { count } from './ledger.ts';
import { expectWhole } from './reference.ts';
import { fakeTimersOfSdk, RequestsInFlight } from './requests-in-flight.ts';
import type { Start } from './scenarios.ts';

/** Of a MiB each. A GiB takes long: `OUTAGE_MIB=1024` for all of it. */
const PARTS = Number(process.env.OUTAGE_MIB ?? 48);
const CONCURRENCY = 8;
const OUTAGE_MS = 60_000;
const FOR_GOOD = Number.POSITIVE_INFINITY;
/** Of one part, of whose reply a byte comes with each step. */
const SLOW_MS = 30 * 60_000;
/** Shorter than the silence that the product bears. */
const STEP_MS = 60_000;
const CANCELLATIONS = 50;
/** Of the head of one request, at most. */
const HEAD_BYTES = 4_096;

const smallFiles = (files: number) =>
  Object.fromEntries(Array.from({ length: files }, (_, n) => [`small/${n}`, `${n}`]));

let world: FaultWorld;
let large: Start;
beforeAll(async () => {
  fakeTimersOfSdk();
  world = await FaultWorld.start();
  large = await startWith({ 'large.bin': randomBytes(PARTS * PART_BYTES), 'small.txt': 'small' });
});
afterAll(async () => {
  jest.useRealTimers();
  await world[Symbol.asyncDispose]();
});

async function startWith(files: Record<string, string | Buffer>): Promise<Start> {
  const root = await world.tree(files);
  return { bucket: world.bucket(), root, tree: await snapshot(root), before: [] };
}

const isPart = ({ operation }: RequestRecord) => operation === 'UploadPart';

/** Waits until so many parts have come, or been stored. */
async function parts(most: number, which: (record: RequestRecord) => boolean = () => true): Promise<void> {
  while (world.server.requests.filter((record) => isPart(record) && which(record)).length < most) await turn();
}

/** Does something again and again until a run is over. */
async function untilEnd<T>(running: Promise<T>, again: () => Promise<void>): Promise<T> {
  let isOver = false;
  const ended = running.finally(() => {
    isOver = true;
  });
  ended.catch(() => {});
  while (!isOver) await again();
  return ended;
}

describe(`an outage of 60 s in the middle of an upload of ${PARTS} parts`, () => {
  it('that drops everything is waited out, and costs at most the parts in flight', async () => {
    const { root } = large;
    const bucket = world.bucket();
    world.server.requests.clear();
    await using hop = await startBrokenHop(world.server.url);
    using inFlight = new RequestsInFlight();
    const time = virtualTime();
    const running = world.backup(bucket, root, { time, concurrency: CONCURRENCY, endpoint: hop.url });
    await parts(PARTS / 2);
    hop.drop();
    await inFlight.sent(CONCURRENCY);
    time.advance(OUTAGE_MS);
    hop.recover();
    time.advance(S3_IDLE_TIMEOUT_MS - OUTAGE_MS);
    const report = await untilEnd(running, async () => {
      await inFlight.fallSilent(({ localPort }) => hop.hasLost(localPort));
    });
    expect(report?.uploadedBytes).toBe(PARTS * PART_BYTES + 5);
    const stored = world.server.requests.filter((record) => isPart(record) && record.status === 200);
    expect(stored.length).toBeLessThanOrEqual(PARTS + CONCURRENCY);
    expect(hop.droppedBytes).toBeGreaterThan(0);
    expect(hop.droppedBytes).toBeLessThanOrEqual(CONCURRENCY * (PART_BYTES + HEAD_BYTES));
    await expectWhole(world, bucket, large);
    count(`an outage of 60 s that drops everything in the middle of an upload of ${PARTS} MiB`, 1);
  });

  it('that resets every connection is waited out, costs at most the parts in flight, and is said once', async () => {
    const { root } = large;
    const bucket = world.bucket();
    world.server.requests.clear();
    await using hop = await startBrokenHop(world.server.url);
    const time = virtualTime();
    let overAtMs = FOR_GOOD;
    const sleep = async (ms: number) => {
      if (overAtMs === FOR_GOOD) overAtMs = time.monotonicMs() + OUTAGE_MS;
      await time.sleep(ms);
      if (time.monotonicMs() >= overAtMs) hop.recover();
    };
    const lines: string[] = [];
    const options = { time: { ...time, sleep }, concurrency: CONCURRENCY, lines, endpoint: hop.url };
    const running = world.backup(bucket, root, options);
    await parts(PARTS / 2);
    hop.reset();
    const report = await running;
    expect(time.monotonicMs()).toBeGreaterThanOrEqual(OUTAGE_MS);
    expect(report?.uploadedBytes).toBe(PARTS * PART_BYTES + 5);
    expect(hop.bytes).toBeLessThan((PARTS + CONCURRENCY + 1) * PART_BYTES);
    expect(lines.filter((line) => line.startsWith('Waiting for the store'))).toHaveLength(1);
    expect(lines.filter((line) => line.startsWith('The store answers again'))).toHaveLength(1);
    await expectWhole(world, bucket, large);
    count(`an outage of 60 s that resets every connection in the middle of an upload of ${PARTS} MiB`, 1);
  });
});

describe('one part of an upload', () => {
  const NUMBERS = [1, 2, 3, 4];
  let start: Start;
  beforeAll(async () => {
    start = await startWith({ 'large.bin': randomBytes(NUMBERS.length * PART_BYTES) });
  });

  it.each(NUMBERS)('that takes half an hour holds no other part up, and is not sent again: part %i', async (number) => {
    const bucket = world.bucket();
    world.server.requests.clear();
    await using hop = await startBrokenHop(world.server.url);
    using inFlight = new RequestsInFlight();
    const gate = world.server.faults.gate({ bucket, operation: 'UploadPart', query: { partNumber: `${number}` } });
    const time = virtualTime();
    const running = world.backup(bucket, start.root, { time, concurrency: NUMBERS.length, endpoint: hop.url });
    await parts(NUMBERS.length - 1, ({ outcome }) => outcome === 'answered');
    await gate.arrived();
    await inFlight.sent(1);
    hop.holdReplies();
    gate.release();
    for (let leftMs = SLOW_MS; leftMs > 0; leftMs -= STEP_MS) {
      await hop.handOn();
      await inFlight.moved();
      time.advance(STEP_MS);
      await inFlight.pass(STEP_MS);
      expect(inFlight.count).toBe(1);
    }
    hop.recover();
    await running;
    expect(world.server.requests.counts()).toMatchObject({ UploadPart: NUMBERS.length });
    world.server.faults.clear();
    await expectWhole(world, bucket, start);
    count(`one part that takes half an hour: part ${number}`, 1);
  });

  it.each(NUMBERS)('that gets no answer holds no other part up, and is sent a second time: part %i', async (number) => {
    const bucket = world.bucket();
    world.server.requests.clear();
    using inFlight = new RequestsInFlight();
    const match = { bucket, operation: 'UploadPart', query: { partNumber: `${number}` } };
    world.server.faults.add({ match, action: { type: 'silence' } });
    const time = virtualTime();
    const running = world.backup(bucket, start.root, { time, concurrency: NUMBERS.length });
    await parts(NUMBERS.length - 1, ({ outcome }) => outcome === 'answered');
    await inFlight.sent(1);
    for (let leftMs = S3_IDLE_TIMEOUT_MS; leftMs > 0; leftMs -= STEP_MS) {
      time.advance(STEP_MS);
      await inFlight.pass(STEP_MS);
    }
    await running;
    expect(world.server.faults.unfired()).toEqual([]);
    world.server.faults.clear();
    expect(world.server.requests.counts()).toMatchObject({ UploadPart: NUMBERS.length + 1 });
    await expectWhole(world, bucket, start);
    count(`one part that gets no answer: part ${number}`, 1);
  });
});

describe('a cancellation', () => {
  it(`leaves no upload open and nothing half visible, at ${CANCELLATIONS} points`, async () => {
    const few = await startWith({ 'large.bin': randomBytes(5 * PART_BYTES), ...smallFiles(CANCELLATIONS) });
    const reason = new BackupError('The step was cancelled.', { class: 'local', code: 'SIGINT' });
    for (let point = 1; point <= CANCELLATIONS; point++) {
      const bucket = world.bucket();
      const controller = new AbortController();
      const gate = world.server.faults.gate({ bucket, request: point });
      const run = world.backup(bucket, few.root, { concurrency: CONCURRENCY, signal: controller.signal });
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
      await expectWhole(world, bucket, few);
    }
    count('cancelled at a request', CANCELLATIONS);
  });
});
