import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { describe, expect, it } from '@jest/globals';
import { BackupError, DAMAGED, isDamaged } from '../src/errors.ts';
import { explainLackOfMemory } from '../src/out-of-memory.ts';

/** What no machine has; bytes. */
const TOO_MUCH = 2 ** 46;

function thrownBy(work: () => unknown): unknown {
  try {
    return work();
  } catch (error) {
    return error;
  }
}

async function failureOfThread(): Promise<unknown> {
  const script = 'const all = []; for (;;) all.push(new Array(1e5).fill({}));';
  const worker = new Worker(script, { eval: true, resourceLimits: { maxOldGenerationSizeMb: 8 } });
  const [error] = await once(worker, 'error');
  return error;
}

describe('explainLackOfMemory', () => {
  it.each([
    ['a buffer', () => thrownBy(() => Buffer.allocUnsafe(2 ** 52))],
    ['an array', () => thrownBy(() => new Uint8Array(TOO_MUCH))],
    ['a thread', failureOfThread],
    ['zstd', async () => Object.assign(new Error('Allocation error'), { code: 'ZSTD_error_memory_allocation' })],
  ])('says of %s that has no room what helps', async (_what, failure) => {
    const error = await failure();
    expect(explainLackOfMemory(error)).toMatchObject({
      class: 'local',
      message: expect.stringMatching(/^This machine has not enough memory: .+[^.]\.$/),
      details: { hint: expect.stringContaining('`max-memory`'), cause: error },
    });
  });

  it('finds it below what it has led to, and keeps what that says but that it is damaged', () => {
    const cause = Object.assign(new Error('Allocation error'), { code: 'ZSTD_error_memory_allocation' });
    const error = new BackupError('It failed.', { class: 'permanent', key: 'index', code: DAMAGED, cause });
    const explained = explainLackOfMemory(error);
    expect(isDamaged(explained)).toBe(false);
    expect(explained).toMatchObject({
      message: 'This machine has not enough memory: It failed.',
      details: { class: 'local', key: 'index', code: cause.code, hint: expect.stringContaining('`max-memory`') },
    });
  });

  it.each([new Error('No.'), new BackupError('No.', { class: 'permanent', code: 'ENOSPC' }), 'no', undefined])(
    'leaves everything else as it is: %p',
    (error) => {
      expect(explainLackOfMemory(error)).toBe(error);
    },
  );
});
