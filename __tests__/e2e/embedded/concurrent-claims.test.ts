import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import type { StepResult } from '../../../dev/runner/index.ts';
import type { Personality } from '../../../dev/s3-server/personality.ts';
import type { Bucket } from '../bucket.ts';
import { expectRestorable, recordKeys } from '../stored.ts';
import { type EmbeddedWorld, startEmbeddedWorld, withWorkspace } from '../world.ts';

const CLAIM = /\/claims\//;
const WARNING = /no conditional writes/;

async function inWorld(personality: Partial<Personality>, work: (world: EmbeddedWorld) => Promise<void>) {
  const world = await startEmbeddedWorld({ personality });
  try {
    await work(world);
  } finally {
    await world.close();
  }
}

/** Lets every run list the catalogue before the first of them claims a number: all of them go for the same one. */
async function backupAtOnce(world: EmbeddedWorld, bucket: Bucket, runs: number): Promise<StepResult[]> {
  const gate = world.server.faults.gate({ operation: 'PutObject', key: CLAIM }, { times: runs });
  return withWorkspace(async (workspace) => {
    await writeFile(join(workspace, 'a.txt'), 'content\n');
    const all = Promise.all(Array.from({ length: runs }, () => world.backup(bucket, { workspace })));
    await gate.arrived(runs);
    gate.release();
    return all;
  });
}

async function expectVersions(bucket: Bucket, results: readonly StepResult[]): Promise<void> {
  expect(results.map(({ exitCode }) => exitCode)).toEqual(results.map(() => 0));
  const numbers = results.map(({ outputs }) => Number(outputs.version));
  expect(new Set(numbers).size).toBe(results.length);
  expect(await recordKeys(bucket)).toHaveLength(results.length);
  for (const { outputs } of results) await expectRestorable(bucket, outputs['record-key'] ?? '');
}

/** PutObject requests for claims since the log was cleared. */
const claimPuts = ({ server }: EmbeddedWorld) =>
  server.requests.filter(({ operation, key }) => operation === 'PutObject' && CLAIM.test(key));

describe('runs that saw the same catalogue', () => {
  it.each([2, 8])('%i of them get numbers without gaps where writes can be conditional', async (runs) => {
    await inWorld({}, async (world) => {
      const bucket = await world.createBucket();
      const results = await backupAtOnce(world, bucket, runs);
      await expectVersions(bucket, results);
      const numbers = results.map(({ outputs }) => Number(outputs.version)).toSorted((a, b) => a - b);
      expect(numbers).toEqual(Array.from({ length: runs }, (_, at) => at + 1));
      expect(results.flatMap(({ annotations }) => annotations)).toEqual([]);
      // Every claim but the winner's was refused at least once, and all are there.
      expect(claimPuts(world).filter(({ status }) => status === 412).length).toBeGreaterThanOrEqual(runs - 1);
      expect(await bucket.keys('backups/dist/claims/')).toHaveLength(runs);
    });
  });

  it.each(['ignored', 'notImplemented'] as const)(
    'get different numbers, with one warning each, where conditional writes are %s',
    async (conditionalWrites) => {
      await inWorld({ conditionalWrites }, async (world) => {
        const bucket = await world.createBucket();
        const results = await backupAtOnce(world, bucket, 2);
        await expectVersions(bucket, results);
        for (const { annotations } of results) {
          expect(annotations).toEqual([
            expect.objectContaining({ level: 'warning', message: expect.stringMatching(WARNING) }),
          ]);
        }
      });
    },
  );
});

describe('a store without conditional writes', () => {
  it.each([
    // The claim, the probe that should be refused and is not, and the claim under a key of its own.
    { conditionalWrites: 'ignored', firstPuts: 3 },
    // The refusal does not say of what, so the claim is tried without tags and without checksum first.
    { conditionalWrites: 'notImplemented', firstPuts: 4 },
  ] as const)('($conditionalWrites) is found out once: later runs try nothing out', async (store) => {
    const { conditionalWrites, firstPuts } = store;
    await inWorld({ conditionalWrites }, async (world) => {
      const bucket = await world.createBucket();
      await withWorkspace(async (workspace) => {
        await writeFile(join(workspace, 'a.txt'), 'content\n');
        for (const [number, puts] of [firstPuts, 1, 1].entries()) {
          world.server.requests.clear();
          const result = await world.backup(bucket, { workspace });
          expect(result.outputs.version).toBe(String(number + 1));
          expect(result.annotations).toEqual([
            expect.objectContaining({ level: 'warning', message: expect.stringMatching(WARNING) }),
          ]);
          expect(result.log.match(new RegExp(WARNING, 'g'))).toHaveLength(1);
          expect(claimPuts(world)).toHaveLength(puts);
          await expectRestorable(bucket, result.outputs['record-key'] ?? '');
        }
        expect(await recordKeys(bucket)).toHaveLength(3);
      });
    });
  });
});
