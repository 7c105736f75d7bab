import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { expect } from '@jest/globals';
import { type StepHandle, type StepOptions, startAction } from '../../../dev/runner/index.ts';
import type { FaultWorld } from '../../faults/fault-world.ts';
import { SCENARIOS, type Scenario, type Start } from '../../faults/scenarios.ts';
import { untilAt } from '../at-gate.ts';
import { snapshot } from '../compare-trees.ts';
import { ACTION } from '../world.ts';

const PART_BYTES = 5 * 2 ** 20;
/** When the clock of the fault tests' store was stopped. */
const BEGAN = Date.now();

type Run = Pick<StepOptions, 'runId' | 'runAttempt'>;

/** Where a scenario starts is that of the fault tests; how it goes on is a process of the bundle. */
export interface Killable {
  readonly name: string;
  /** Of the action's directory; absent: the backup. */
  readonly action?: 'restore' | 'prune';
  readonly inputs: Readonly<Record<string, string>>;
  prepare(world: FaultWorld): Promise<Start>;
  /** The run that is killed, and the one after it; absent: two runs of nothing in common. */
  readonly runs?: readonly [Run, Run];
  /** How many versions there are in the end at most; absent: no limit. */
  readonly versions?: number;
}

function prepareOf(name: string): Scenario['prepare'] {
  const scenario = SCENARIOS.find((each) => each.name === name);
  if (scenario === undefined) throw new Error(`there is no scenario ${name}`);
  return scenario.prepare;
}

/** So that the n-th request is the same one each time. */
const IN_TURN = { concurrency: '1' };
const IN_PARTS = { ...IN_TURN, path: '**', 'part-size': '5MiB', compression: 'off' };

/** Nothing yet, and a file in three parts beside a small one. */
async function threeParts(world: FaultWorld): Promise<Start> {
  const root = await world.tree({ 'large.bin': randomBytes(2 * PART_BYTES + 1), 'small.txt': 'small' });
  return { bucket: world.bucket(), root, tree: await snapshot(root), before: [] };
}

/** The same, with what an attempt has left that was killed when it sent the second part. */
async function interrupted(world: FaultWorld): Promise<Start> {
  const start = await threeParts(world);
  const match = { bucket: start.bucket, operation: 'UploadPart', request: 2 };
  const gate = world.server.faults.gate(match);
  const step = await startKillable(world, { name: 'first attempt', inputs: IN_PARTS, prepare: interrupted }, start);
  await untilAt(gate.arrived(), step);
  step.kill('SIGKILL');
  await step.done;
  world.server.faults.clear();
  expect(world.server.admin.listUploads(start.bucket)).toMatchObject([{ parts: { length: 1 } }]);
  return start;
}

export const KILLABLE: readonly Killable[] = [
  {
    name: 'incremental on packs',
    inputs: { ...IN_TURN, path: '**', layout: 'archive', incremental: 'auto' },
    prepare: prepareOf('incremental on packs'),
  },
  { name: 'multipart of three parts', inputs: IN_PARTS, prepare: threeParts },
  {
    name: 'resume',
    inputs: IN_PARTS,
    prepare: interrupted,
    runs: [{ runAttempt: '2' }, { runAttempt: '3' }],
  },
  { name: 'restore', action: 'restore', inputs: { ...IN_TURN, target: 'out' }, prepare: prepareOf('restore') },
  {
    name: 'prune of five',
    action: 'prune',
    inputs: { 'keep-last': '1', 'max-delete': '100%' },
    prepare: prepareOf('prune of five'),
    versions: 1,
  },
];

/** Where a process is to be at work, if it is not where the scenario starts. */
export interface Place {
  readonly bucket?: string;
  readonly workspace?: string;
  readonly run?: Run;
}

/** Starts the process, at a moment that is that of its store as well. */
export function startKillable(
  { server, clock }: FaultWorld,
  { action, inputs }: Killable,
  start: Start,
  { bucket = start.bucket, workspace = start.root, run }: Place = {},
): Promise<StepHandle> {
  clock.laterMs = Date.now() - BEGAN;
  const { accessKeyId, secretAccessKey } = server.credentials;
  return startAction({
    action: action === undefined ? ACTION : join(ACTION, '..', action, 'action.yml'),
    inputs: {
      bucket,
      name: 'dist',
      endpoint: server.url,
      'aws-region': server.region,
      ...inputs,
    },
    env: { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey },
    workspace,
    ...run,
  });
}
