import { describe, expect, it } from '@jest/globals';
import { BackupError } from '../../src/errors.ts';
import { checkBases } from '../../src/series/base-check.ts';
import { MemoryStore } from '../../src/store/memory.ts';
import type { ListedObject } from '../../src/store/object-store.ts';
import { failure, KEYS, TIME } from './series-fixture.ts';

const BASE = 'dist_full_20261122T080910Z_000040';
const MIDDLE = 'dist_incremental_20261122T080911Z_000041';

async function storeWith(...ids: readonly string[]): Promise<MemoryStore> {
  const store = new MemoryStore({ clock: () => TIME });
  for (const id of ids) await store.put(KEYS.record(id), Buffer.from('{}'));
  return store;
}

/** A store that answers every request with an error. */
const failing = (error: BackupError) => ({
  list: (): AsyncIterable<ListedObject> => {
    throw error;
  },
});

describe('checkBases', () => {
  it('asks nothing for a full version', async () => {
    const unreachable = failing(new BackupError('no request was to be made', { class: 'transient' }));
    await expect(checkBases(unreachable, KEYS, [])).resolves.toBeUndefined();
  });

  it('is content while all records are there', async () => {
    await expect(checkBases(await storeWith(BASE, MIDDLE), KEYS, [BASE, MIDDLE])).resolves.toBeUndefined();
  });

  it.each([
    [[MIDDLE], BASE],
    [[BASE], MIDDLE],
    [[], BASE],
  ])('says that a base is gone where only %j are there', async (there, gone) => {
    const message = `The version ${gone}, which this one was to build on, was pruned meanwhile.`;
    await expect(checkBases(await storeWith(...there), KEYS, [BASE, MIDDLE])).rejects.toEqual(
      failure('lost-race', message, { operation: 'check base', key: KEYS.record(gone) }),
    );
  });

  it('does not take the data of a base for its record', async () => {
    const store = await storeWith();
    await store.put(KEYS.index(BASE), Buffer.from(''));
    await expect(checkBases(store, KEYS, [BASE])).rejects.toEqual(failure('lost-race', /was pruned/));
  });

  it('does not take a store that cannot answer for a base that is gone', async () => {
    const denied = new BackupError('denied', { class: 'permanent', code: 'AccessDenied' });
    await expect(checkBases(failing(denied), KEYS, [BASE])).rejects.toBe(denied);
  });
});
