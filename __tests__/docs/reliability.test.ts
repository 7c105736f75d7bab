import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { FAULTS } from '../faults/faults.ts';
import { SCENARIOS } from '../faults/scenarios.ts';

const PAGE = join(import.meta.dirname, '../../docs/reliability.md');
const WAYS = ['once', 'for good'];

/** `scenario: fault, once`; silences are faults of a test of their own (`every-silence.test.ts`). */
async function rows(): Promise<string[]> {
  const page = await readFile(PAGE, 'utf8');
  return page
    .split('\n')
    .flatMap((line) => /^\| (.+: (?!silence).+, (?:once|for good)) \| \d+ \|$/.exec(line)?.[1] ?? []);
}

/** All that can be: not every fault can answer a request of every scenario. */
const POSSIBLE = SCENARIOS.flatMap((scenario) =>
  FAULTS.flatMap((fault) => WAYS.map((way) => ({ row: `${scenario.name}: ${fault.name}, ${way}`, fault, way }))),
);

describe('the table of fault tests', () => {
  it('has nothing that is not tested', async () => {
    const possible = new Set(POSSIBLE.map(({ row }) => row));
    expect((await rows()).filter((row) => !possible.has(row))).toEqual([]);
  });

  it('has every scenario with every fault that any request can meet, and every other fault somewhere', async () => {
    const found = await rows();
    const needed = POSSIBLE.filter(({ fault }) => fault.operations === undefined).map(({ row }) => row);
    expect(needed.filter((row) => !found.includes(row))).toEqual([]);
    const endings = FAULTS.flatMap(({ name }) => WAYS.map((way) => `: ${name}, ${way}`));
    expect(endings.filter((ending) => !found.some((row) => row.endsWith(ending)))).toEqual([]);
  });
});
