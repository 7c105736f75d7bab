import { describe, expect, it } from '@jest/globals';
import { readyPacking } from '../../../src/commands/backup/packing.ts';
import { InlineEngine } from '../../../src/pack/inline-engine.ts';
import { WorkerEngine } from '../../../src/pack/worker-engine.ts';
import type { Selection } from '../../../src/selection/types.ts';
import { failure } from '../../series/series-fixture.ts';
import { type Asked, backupRequest, MIB } from '../ports-fixture.ts';

function ready(files: number, bytes: number, asked: Asked = {}) {
  const totals = { files, bytes, symlinks: 0, directories: 0 };
  const selection: Pick<Selection, 'small' | 'totals'> = { small: { files, bytes }, totals };
  return readyPacking(backupRequest({ directory: '/nowhere' }, asked), selection);
}

describe('what makes packs', () => {
  it.each<[string, number, number, Asked, unknown]>([
    ['nothing for few files', 100, MIB, {}, undefined],
    ['nothing where every file is an object of its own', 10_000, 80 * MIB, { layout: 'files' }, undefined],
    ['this thread for a small job', 500, 4 * MIB, {}, InlineEngine],
    ['threads for many files', 501, 4 * MIB, {}, WorkerEngine],
    ['threads for many bytes', 500, 4 * MIB + 1, {}, WorkerEngine],
    ['this thread where there is no memory for others', 10_000, 80 * MIB, { maxMemory: 14 * MIB }, InlineEngine],
  ])('is %s', async (_, files, bytes, asked, expected) => {
    await using packing = ready(files, bytes, asked);
    expect(packing?.engine.constructor).toBe(expected);
  });

  it('ends with what it was made for, also where it was never used', async () => {
    const packing = ready(501, MIB);
    await packing?.[Symbol.asyncDispose]();
    await expect(packing?.engine.read([])).rejects.toEqual(failure('local', /thread that packs files failed/));
  });
});
