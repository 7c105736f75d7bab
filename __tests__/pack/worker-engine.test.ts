import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { BatchItem } from '../../src/pack/batch.ts';
import { InlineEngine } from '../../src/pack/inline-engine.ts';
import { WorkerEngine } from '../../src/pack/worker-engine.ts';
import { failure } from '../series/series-fixture.ts';

const OPTIONS = { failOnChange: true, level: 3 };

let directory: string;
let items: BatchItem[];
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'engine-'));
  const absolutePath = join(directory, 'a');
  await writeFile(absolutePath, 'content');
  items = [
    { type: 'file', path: 'a', absolutePath, size: 7 },
    { type: 'file', path: 'gone', absolutePath: join(directory, 'gone'), size: 1 },
    { type: 'symlink', path: 'l', mtimeNs: 1n, target: 'a' },
  ];
});
afterAll(() => rm(directory, { recursive: true }));

describe('WorkerEngine', () => {
  it('does what is done in this thread', async () => {
    const threads = new WorkerEngine(OPTIONS, 1);
    try {
      const [there, here] = await Promise.all([threads.read(items), new InlineEngine(OPTIONS).read(items)]);
      expect(there.outcomes).toEqual(here.outcomes);
      expect(there.outcomes).toMatchObject([
        { outcome: 'read', size: 7 },
        { outcome: 'failed', error: { details: { code: 'VANISHED' } } },
        { outcome: 'none' },
      ]);
      const decisions = ['keep', 'drop', 'keep'] as const;
      const [built, expected] = await Promise.all([there.build(decisions), here.build(decisions)]);
      expect(Buffer.from(built.bytes).equals(expected.bytes)).toBe(true);
      expect(built.skips).toEqual(expected.skips);
    } finally {
      await threads.close();
    }
  });

  it('makes nothing of what is not kept', async () => {
    const open = await new InlineEngine(OPTIONS).read(items);
    expect((await open.build(['drop', 'drop', 'drop'])).bytes.byteLength).toBe(0);
  });

  it('fails whoever waits for a thread that ends, and whoever comes later', async () => {
    const threads = new WorkerEngine(OPTIONS, 1);
    const open = await threads.read(items);
    const waiting = open.build(['keep', 'drop', 'keep']);
    await threads.close();
    await Promise.allSettled([waiting]);
    await expect(threads.read(items)).rejects.toMatchObject(failure('local', /it has ended/));
  });

  it('fails what a thread cannot do', async () => {
    const threads = new WorkerEngine(OPTIONS, 1);
    const open = await threads.read(items);
    await expect(open.build(['keep', 'keep', 'keep'])).rejects.toMatchObject(
      failure('local', /was not read cannot be stored: gone/),
    );
    await threads.close();
  });
});
