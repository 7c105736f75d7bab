import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { parsePairs } from '../../dev/runner/file-commands.ts';
import type { Stage } from '../../src/commands/ports.ts';
import { type KilledAt, killedAtWork, StepState } from '../../src/github/state.ts';
import { ID } from '../series/series-fixture.ts';

let folder: string;
let file: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'state-'));
  file = join(folder, 'state');
  await writeFile(file, '');
  process.env.GITHUB_STATE = file;
});
afterEach(async () => {
  delete process.env.GITHUB_STATE;
  await rm(folder, { recursive: true });
});

/** What the post phase of a step finds that the main phase of which has done this. */
async function inPost(main: (state: StepState) => void): Promise<KilledAt | undefined> {
  main(new StepState());
  const names = [...parsePairs(await readFile(file, 'utf8'))].map(([name, value]) => {
    process.env[`STATE_${name}`] = value;
    return `STATE_${name}`;
  });
  try {
    return killedAtWork();
  } finally {
    for (const name of names) delete process.env[name];
  }
}

const SECOND = ID.replace('000042', '000043');
const STAGES = ['claimed', 'committing', 'committed'] as const;

function until(state: StepState, last: Stage): void {
  for (const stage of STAGES.slice(0, STAGES.indexOf(last) + 1)) state.reached(stage, ID);
}

describe('the state of a step', () => {
  it.each<[string, (state: StepState) => void, KilledAt | undefined]>([
    ['that did not come to its work', () => {}, undefined],
    ['that ended before its work', (state) => state.ended(), undefined],
    ['that was killed at its work', (state) => state.reached('claimed', ID), { id: ID, stage: 'claimed' }],
    ['that was killed at the commit', (state) => until(state, 'committing'), { id: ID, stage: 'committing' }],
    ['that was killed after it', (state) => until(state, 'committed'), { id: ID, stage: 'committed' }],
    [
      'that was killed at a second version',
      (state) => {
        until(state, 'committing');
        state.reached('claimed', SECOND);
      },
      { id: SECOND, stage: 'claimed' },
    ],
    [
      'that came to its end',
      (state) => {
        until(state, 'committed');
        state.ended();
      },
      undefined,
    ],
  ])('%s', async (_which, main, expected) => {
    expect(await inPost(main)).toEqual(expected);
  });

  it('is written as soon as it is known, and nothing before', async () => {
    const state = new StepState();
    expect(await readFile(file, 'utf8')).toBe('');
    state.reached('claimed', ID);
    expect(new Map(parsePairs(await readFile(file, 'utf8')))).toEqual(new Map([['claimed', ID]]));
  });
});
