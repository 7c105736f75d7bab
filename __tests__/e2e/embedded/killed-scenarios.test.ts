import { randomBytes } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import pLimit from 'p-limit';
import type { StepResult } from '../../../dev/runner/index.ts';
import { RANGE_BYTES } from '../../../src/transfer/read-object.ts';
import { FaultWorld } from '../../faults/fault-world.ts';
import { count } from '../../faults/ledger.ts';
import { expectWhole } from '../../faults/reference.ts';
import type { Start } from '../../faults/scenarios.ts';
import { untilAt } from '../at-gate.ts';
import { snapshot } from '../compare-trees.ts';
import { withWorkspace } from '../world.ts';
import { KILLABLE, type Killable, startKillable } from './killable.ts';

/** `KILLS=all`: at every request, before and after its effect; otherwise at some, after and before in turn. */
const ALL = process.env.KILLS === 'all';
const SOME = 5;
/** Processes of the bundle beside this one. */
const AT_ONCE = 2;
/** Hundreds of processes one after the other. */
const ALL_TIMEOUT_MS = 3_600_000;
if (ALL) jest.setTimeout(ALL_TIMEOUT_MS);

interface Kill {
  /** From 1. */
  readonly request: number;
  readonly when: 'before' | 'after';
}

/** The first request, the last one, and some between. */
function killsOf(requests: number): Kill[] {
  if (ALL) {
    const numbers = Array.from({ length: requests }, (_, at) => at + 1);
    return numbers.flatMap((request) => [{ request, when: 'before' } as const, { request, when: 'after' } as const]);
  }
  return Array.from({ length: SOME }, (_, at) => ({
    request: 1 + Math.round((at * (requests - 1)) / (SOME - 1)),
    when: at % 2 === 0 ? 'after' : 'before',
  }));
}

let world: FaultWorld;
beforeAll(async () => {
  world = await FaultWorld.start();
});
afterAll(() => world[Symbol.asyncDispose]());

function expectSuccess({ exitCode, annotations, log }: StepResult): void {
  expect({ exitCode, annotations, log: exitCode === 0 || log }).toEqual({ exitCode: 0, annotations: [], log: true });
}

/** A backup works where its files are; a restore in a directory of its own. */
async function inWorkspace<T>({ action }: Killable, { root }: Start, work: (path: string) => Promise<T>): Promise<T> {
  return action === undefined ? work(root) : withWorkspace(work);
}

/** As the scenario goes when it is left alone. @returns how many requests that takes */
async function requestsOf(scenario: Killable, start: Start): Promise<number> {
  const bucket = world.bucket(start.bucket);
  return inWorkspace(scenario, start, async (workspace) => {
    const [run] = scenario.runs ?? [];
    const step = await startKillable(world, scenario, start, { bucket, workspace, ...(run && { run }) });
    expectSuccess(await step.done);
    const requests = world.server.requests.filter((request) => request.bucket === bucket).length;
    await expectFinished(scenario, start, bucket, workspace);
    return requests;
  });
}

/** Kills the process at its n-th request: before that has had its effect, or after, when only the reply is missing. */
async function kill(
  scenario: Killable,
  start: Start,
  { request, when }: Kill,
  place: Parameters<typeof startKillable>[3],
) {
  const { faults } = world.server;
  const match = { bucket: place?.bucket ?? '', request };
  const gate = faults.gate(match, { when, times: 1 });
  faults.add({ match, when, action: { type: 'reset' } });
  const step = await startKillable(world, scenario, start, place);
  await untilAt(gate.arrived(), step);
  step.kill('SIGKILL');
  expect(await step.done).toMatchObject({ exitCode: null, signal: 'SIGKILL' });
  gate.release();
}

/** All that was to be done is done, whoever was killed before. */
async function expectFinished({ action, versions }: Killable, start: Start, bucket: string, workspace: string) {
  await expectWhole(world, bucket, start);
  const records = Object.keys(await world.state(bucket)).filter((key) => key.includes('/versions/'));
  if (versions !== undefined) expect(records).toHaveLength(versions);
  else if (action === undefined) expect(records.length).toBeGreaterThan(start.before.length);
  // Not even a temporary file is left beside what was to be restored.
  if (action === 'restore') expect(await snapshot(join(workspace, 'out'))).toEqual(start.before.at(-1));
}

/** What was there is whole once the process is dead; what it was at is whole or not to be seen; the next run ends it. */
async function survives(scenario: Killable, start: Start, point: Kill): Promise<void> {
  const bucket = world.bucket(start.bucket);
  const [first = { runId: '1' }, second = { runId: '2' }] = scenario.runs ?? [];
  await inWorkspace(scenario, start, async (workspace) => {
    await kill(scenario, start, point, { bucket, workspace, run: first });
    if (scenario.versions === undefined) {
      expect(await world.state(bucket)).toMatchObject(await world.state(start.bucket));
    }
    await expectWhole(world, bucket, start);
    const next = await startKillable(world, scenario, start, { bucket, workspace, run: second });
    expectSuccess(await next.done);
    await expectFinished(scenario, start, bucket, workspace);
  });
  world.server.admin.dropBucket(bucket);
}

describe.each(KILLABLE)('$name, by a process that is killed (SIGKILL)', (scenario) => {
  it(`${ALL ? 'at every request' : 'at some of its requests'} leaves whole versions only, and stops no later run`, async () => {
    const start = await scenario.prepare(world);
    const kills = killsOf(await requestsOf(scenario, start));
    const limit = pLimit(AT_ONCE);
    await Promise.all(
      kills.map((point) =>
        limit(async () => {
          try {
            await survives(scenario, start, point);
          } catch (cause) {
            throw new Error(`killed ${point.when} request ${point.request}: ${String(cause)}`, { cause });
          }
        }),
      ),
    );
    count(`a real process killed at ${ALL ? 'every request' : 'some requests'}: ${scenario.name}`, kills.length);
  });
});

/** More than two of the ranges in which large objects are read. */
const LARGE_BYTES = 2 * RANGE_BYTES + 1;

it('leaves nothing of a large file half written, once a restore has ended that was killed at it', async () => {
  const root = await world.tree({ 'large.bin': randomBytes(LARGE_BYTES) });
  const start = { bucket: world.bucket(), root, tree: await snapshot(root), before: [] };
  const inputs = { path: '**', compression: 'off' };
  expectSuccess(await (await startKillable(world, { name: 'backup', inputs, prepare: async () => start }, start)).done);
  const restore: Killable = {
    name: 'restore',
    action: 'restore',
    inputs: { target: 'out', concurrency: '1' },
    prepare: async () => start,
  };
  await withWorkspace(async (workspace) => {
    const gate = world.server.faults.gate({ operation: 'GetObject', key: /large\.bin$/, request: 2 });
    const step = await startKillable(world, restore, start, { workspace });
    await untilAt(gate.arrived(), step);
    expect(await readdir(join(workspace, 'out'))).toEqual([expect.stringMatching(/^\.restore-.*\.tmp$/)]);
    step.kill('SIGKILL');
    expect(await step.done).toMatchObject({ exitCode: null, signal: 'SIGKILL' });
    world.server.faults.clear();
    expectSuccess(await (await startKillable(world, restore, start, { workspace })).done);
    expect(await snapshot(join(workspace, 'out'))).toEqual(start.tree);
  });
  count('a real process killed in the middle of a large file: restore', 1);
});
