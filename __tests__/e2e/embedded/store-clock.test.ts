import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { expectRestorable } from '../stored.ts';
import { startEmbeddedWorld, withWorkspace } from '../world.ts';

const MIB = 2 ** 20;
const HOUR_MS = 3_600_000;

describe('a machine whose clock is wrong', () => {
  it.each([
    { name: 'an hour behind', offMs: HOUR_MS },
    { name: 'an hour ahead', offMs: -HOUR_MS },
    { name: 'a day behind', offMs: 24 * HOUR_MS },
    { name: 'four minutes behind', offMs: 4 * 60_000 },
  ])('($name) backs up all the same, and the version has the time of the store', async ({ offMs }) => {
    const storeNow = () => new Date(Date.now() + offMs);
    const world = await startEmbeddedWorld({ now: storeNow });
    try {
      const bucket = await world.createBucket();
      await withWorkspace(async (workspace) => {
        await writeFile(join(workspace, 'small.txt'), 'content\n');
        await writeFile(join(workspace, 'large.bin'), randomBytes(11 * MIB));
        // By the store's clock, in the whole seconds of its Date header.
        const earliest = Math.floor(storeNow().getTime() / 1000) * 1000;
        const result = await world.backup(bucket, { workspace, inputs: { 'part-size': '5MiB', 'keep-last': '1' } });
        const latest = storeNow().getTime() + 1000;

        expect(result).toMatchObject({ exitCode: 0, annotations: [], outputs: { version: '1' } });
        const recordKey = result.outputs['record-key'] ?? '';
        await expectRestorable(bucket, recordKey);
        const { time, committed, id } = await bucket.json(recordKey);
        for (const instant of [time, committed].map((text) => Date.parse(String(text)))) {
          expect(instant).toBeGreaterThanOrEqual(earliest);
          expect(instant).toBeLessThanOrEqual(latest);
        }
        expect(id).toBe(`dist_full_${String(time).replaceAll(/[-:]|\.000/g, '')}_000001`);
      });
    } finally {
      await world.close();
    }
  });
});
