import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { expectRestorable, recordKeys } from '../stored.ts';
import { startWorld, type World, withWorkspace } from '../world.ts';

const TIMEOUT_MS = 120_000;
const FILES = ['a.txt', 'b.txt', 'c.txt'];

let world: World;
beforeAll(async () => {
  world = await startWorld();
}, TIMEOUT_MS);
afterAll(() => world.close());

/** Each run has files of its own content, so that bytes of one in the version of another would show. */
function backupOwnFiles(bucket: Awaited<ReturnType<World['createBucket']>>, run: number) {
  return withWorkspace(async (workspace) => {
    for (const file of FILES) await writeFile(join(workspace, file), `${file} of run ${run}\n`);
    return world.backup(bucket, { workspace, runId: String(1000 + run) });
  });
}

describe('runs of one series at once', () => {
  it.each([2, 8])(
    '%i runs get numbers of their own, and every version can be restored',
    async (runs) => {
      const bucket = await world.createBucket();
      const order = Array.from({ length: runs }, (_, at) => at + 1);
      const results = await Promise.all(order.map((run) => backupOwnFiles(bucket, run)));

      expect(results.map(({ exitCode, annotations }) => ({ exitCode, annotations }))).toEqual(
        order.map(() => ({ exitCode: 0, annotations: [] })),
      );
      const numbers = results.map(({ outputs }) => Number(outputs.version));
      expect(numbers.toSorted((a, b) => a - b)).toEqual(order);
      expect(await recordKeys(bucket)).toHaveLength(runs);

      for (const [at, { outputs }] of results.entries()) {
        const recordKey = outputs['record-key'] ?? '';
        expect(await bucket.json(recordKey)).toMatchObject({ number: numbers[at], run: { runId: String(1001 + at) } });
        const lines = await expectRestorable(bucket, recordKey);
        expect(lines.map(({ path }) => path)).toEqual(FILES);
        const first = await bucket.read(`backups/dist/${lines[0]?.key}`);
        expect(first.toString()).toBe(`a.txt of run ${at + 1}\n`);
      }
    },
    TIMEOUT_MS,
  );
});
