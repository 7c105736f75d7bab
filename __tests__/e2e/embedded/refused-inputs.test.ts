import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pLimit from 'p-limit';
import type { StepResult } from '../../../dev/runner/index.ts';
import type { Bucket } from '../bucket.ts';
import { withTree } from '../tree.ts';
import { type EmbeddedWorld, startEmbeddedWorld } from '../world.ts';

interface Refusal {
  /** What differs from a backup that works. */
  readonly inputs: Readonly<Record<string, string>>;
  /** What the sentence has to fit. */
  readonly error: string;
}

const FIXTURE = join(import.meta.dirname, '../../fixtures/refused-inputs.json');
const refusals: readonly Refusal[] = JSON.parse(await readFile(FIXTURE, 'utf8'));
const PROCESSES_AT_ONCE = 4;

let world: EmbeddedWorld;
let bucket: Bucket;
let results: readonly StepResult[];

beforeAll(async () => {
  world = await startEmbeddedWorld();
  bucket = await world.createBucket();
  const limit = pLimit(PROCESSES_AT_ONCE);
  await withTree({ file: 'content' }, async (workspace) => {
    const run = ({ inputs }: Refusal) => limit(() => world.backup(bucket, { workspace, inputs }));
    results = await Promise.all(refusals.map(run));
  });
}, 300_000);
afterAll(() => world.close());

describe('a refused input', () => {
  it.each(refusals.map(({ inputs, error }, index) => ({ title: JSON.stringify(inputs).slice(0, 100), error, index })))(
    'fails the step with one sentence: $title',
    ({ error, index }) => {
      const { exitCode, annotations, outputs, summary, groups } = results[index] ?? {};
      expect({ exitCode, outputs, groups }).toEqual({ exitCode: 1, outputs: {}, groups: [] });
      expect(summary).toMatch(/^### Backup failed\n\nThe input &#96;[a-z-]+&#96; is /);
      expect(annotations).toEqual([{ level: 'error', title: '', message: expect.stringMatching(`^${error}`) }]);
      expect(annotations?.[0]?.message).toMatch(/^The input `[a-z-]+` is [^\n]*, but [^\n]+\.$/);
    },
  );

  it('reaches neither the store nor STS nor the issuer of tokens, and changes nothing', async () => {
    expect(results).toHaveLength(refusals.length);
    expect(world.server.requests.all).toEqual([]);
    expect(world.issuer.counts).toEqual({ tokens: 0, refused: 0, failed: 0, keySets: 0 });
    expect(await bucket.keys()).toEqual([]);
  });

  it('would not have been refused as it is by default', async () => {
    await withTree({ file: 'content' }, async (workspace) => {
      expect((await world.backup(bucket, { workspace, inputs: { 'dry-run': 'true' } })).exitCode).toBe(0);
    });
  });
});
