import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { parsePairs } from '../../dev/runner/file-commands.ts';
import { killedAtWork, StepState } from '../../src/github/state.ts';
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
async function inPost(main: (state: StepState) => void): Promise<string | undefined> {
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

describe('the state of a step', () => {
  it.each<[string, (state: StepState) => void, string | undefined]>([
    ['that did not come to its work', () => {}, undefined],
    ['that ended before its work', (state) => state.ended(), undefined],
    ['that was killed at its work', (state) => state.claimed(ID), ID],
    [
      'that came to its end',
      (state) => {
        state.claimed(ID);
        state.ended();
      },
      undefined,
    ],
  ])('%s', async (_which, main, expected) => {
    expect(await inPost(main)).toBe(expected);
  });

  it('is written as soon as it is known, and nothing before', async () => {
    const state = new StepState();
    expect(await readFile(file, 'utf8')).toBe('');
    state.claimed(ID);
    expect(new Map(parsePairs(await readFile(file, 'utf8')))).toEqual(new Map([['claimed', ID]]));
  });
});
