import { describe, expect, it } from '@jest/globals';
import { BackupError } from '../../src/errors.ts';
import { listVersions } from '../../src/series/catalogue.ts';
import { onlyHides } from '../../src/series/prune.ts';
import { Killed, mortal, ObservedStore, refusing } from '../store/observed-store.ts';
import { DAY_MS, Series } from './prune-fixture.ts';

describe('prune', () => {
  it('removes record, data and claim of what the plan dooms, and nothing else', async () => {
    const series = new Series();
    const ids = await series.commit(4);
    const foreign = await series.foreign();
    const outcome = await series.prune({ keepLast: 2 }, { pins: [{ number: 1 }] });
    expect(outcome).toEqual({
      removed: [ids[1]],
      skipped: [],
      deletedObjects: 4,
      deletedBytes: 10,
      abandoned: [],
      onlyHidden: false,
      warnings: [],
    });
    const left = series.keysOf(ids.filter((id) => id !== ids[1]));
    expect(await series.visible()).toEqual([...left, ...foreign].sort());
  });

  it('makes seven requests to remove one version', async () => {
    const series = new Series();
    await series.commit(3);
    const store = new ObservedStore(series.store);
    await series.prune({ keepLast: 2 }, { store });
    expect(store.operations).toEqual(['list', 'delete 1', 'list', 'get', 'list', 'delete 2', 'delete 1']);
  });

  it('deletes all doomed records in one request, before anything else', async () => {
    const series = new Series();
    const ids = await series.commit(12);
    const store = new ObservedStore(series.store);
    const { removed } = await series.prune({ keepLast: 2 }, { store });
    expect(removed).toEqual(ids.slice(0, 10).toReversed());
    expect(store.operations.slice(0, 2)).toEqual(['list', 'delete 10']);
    expect(store.requests[1]?.keys).toEqual(removed.map((id) => series.keys.record(id)));
    expect(store.operations.filter((operation) => operation.startsWith('delete'))).toEqual([
      'delete 10',
      ...Array(10).fill('delete 2'),
      'delete 10',
    ]);
  });

  it('looks at the pins right before it deletes records, and keeps what was pinned since the plan', async () => {
    const series = new Series();
    const [first = '', second] = await series.commit(3);
    const plan = await series.plan({ keepLast: 1 });
    await series.store.put(series.keys.pin(1), Buffer.from(''));
    const before = await series.visible(series.keys.dataPrefix(first));
    expect(await series.prune({}, { plan })).toMatchObject({ removed: [second], skipped: [], pinned: [first] });
    expect(await series.visible(series.keys.dataPrefix(first))).toEqual(before);
    expect(await series.visible(series.keys.versionsPrefix)).toContain(series.keys.record(first));
  });

  it('keeps all where all were pinned since the plan, and where the pins cannot be listed', async () => {
    const series = new Series();
    await series.commit(2);
    const plan = await series.plan({ keepLast: 1 });
    await series.store.put(series.keys.pin(1), Buffer.from(''));
    const before = await series.visible();
    const store = new ObservedStore(series.store);
    expect(await series.prune({}, { plan, store })).toMatchObject({ removed: [], deletedObjects: 0 });
    expect(store.operations.filter((operation) => operation.startsWith('delete'))).toEqual([]);
    await series.store.delete([{ key: series.keys.pin(1) }]);
    const blind = new ObservedStore(series.store, {
      before: ({ keys: [prefix] }) => {
        if (prefix === series.keys.pinsPrefix) throw new BackupError('Refused.', { class: 'permanent' });
      },
    });
    expect(await series.prune({}, { plan, store: blind })).toMatchObject({ removed: [], failure: 'Refused.' });
    expect(await series.visible()).toEqual(before.filter((key) => key !== series.keys.pin(1)));
  });

  it('only looks at the claims where nothing is doomed', async () => {
    const series = new Series();
    await series.commit(2);
    const store = new ObservedStore(series.store);
    await series.prune({ keepLast: 2 }, { store });
    expect(store.operations).toEqual(['list']);
  });

  it('deletes nothing without a rule', async () => {
    const series = new Series();
    await series.commit(3);
    const before = await series.visible();
    expect(await series.prune({})).toMatchObject({ removed: [], deletedObjects: 0 });
    expect(await series.visible()).toEqual(before);
  });

  it('removes the claim of the version and leaves that of another run with the same number', async () => {
    const series = new Series({ conditionalWrites: 'ignored' });
    const doomed = await series.committed(1, { nonce: 'aaa' });
    const rival = await series.killed(1, { nonce: 'bbb' });
    await series.committed(2, { nonce: 'ccc' });
    const { removed } = await series.prune({ keepLast: 1 });
    expect(removed).toEqual([doomed]);
    expect(await series.visible(series.keys.claimsPrefix)).toEqual([
      series.keys.claim({ number: 1, nonce: 'bbb' }),
      series.keys.claim({ number: 2, nonce: 'ccc' }),
    ]);
    expect(await series.visible(series.keys.dataPrefix(rival))).toHaveLength(1);
  });

  it('handles two versions of one number each for itself', async () => {
    const series = new Series({ conditionalWrites: 'ignored' });
    const earlier = await series.committed(1, { nonce: 'aaa' });
    const later = await series.committed(1, { nonce: 'bbb' });
    const { removed } = await series.prune({ keepLast: 1 });
    expect(removed).toEqual([earlier]);
    expect((await listVersions(series.store, series.keys)).map(({ id }) => id)).toEqual([later]);
    expect(await series.visible(series.keys.claimsPrefix)).toEqual([series.keys.claim({ number: 1, nonce: 'bbb' })]);
  });
});

describe('a prune that is refused', () => {
  it('keeps the data of a version whose record it could not delete', async () => {
    const series = new Series();
    const [doomed = '', other = ''] = await series.commit(3);
    const store = refusing(series.store, ({ key }) =>
      key === series.keys.record(doomed) ? 'AccessDenied' : undefined,
    );
    const outcome = await series.prune({ keepLast: 1 }, { store });
    expect(outcome.removed).toEqual([other]);
    expect(outcome.skipped).toEqual([{ id: doomed, reason: 'its record could not be deleted (AccessDenied)' }]);
    expect(outcome.failure).toBe(
      `One object could not be deleted ("${series.keys.record(doomed)}": AccessDenied, Not now); the next prune tries again.`,
    );
    expect(await series.visible()).toEqual(expect.arrayContaining(series.keysOf([doomed])));
  });

  it('keeps the claim of a version whose data it could not delete, and finishes when the claim is old', async () => {
    const series = new Series();
    const [doomed = '', newest = ''] = await series.commit(2);
    const store = refusing(series.store, ({ key }) =>
      key.startsWith(series.keys.dataPrefix(doomed)) ? 'SlowDown' : undefined,
    );
    const outcome = await series.prune({ keepLast: 1 }, { store });
    expect(outcome.removed).toEqual([doomed]);
    expect(outcome.failure).toContain('2 objects could not be deleted');
    expect(await series.visible()).toContain(series.keys.claim({ number: 1 }));

    series.nowMs += 8 * DAY_MS;
    expect(await series.prune({ keepLast: 1 })).toMatchObject({ abandoned: [doomed], removed: [] });
    expect(await series.visible()).toEqual(series.keysOf([newest]).sort());
  });

  it.each(['delete', 'list', 'get'])('tells in the outcome that the store failed at a %s', async (operation) => {
    const series = new Series();
    await series.commit(2);
    const store = new ObservedStore(series.store, {
      before: (request) => {
        if (request.operation === operation) throw new BackupError('The store is down.', { class: 'transient' });
      },
    });
    expect((await series.prune({ keepLast: 1 }, { store })).failure).toBe('The store is down.');
  });

  it('does not take a mistake in the program for trouble with the store', async () => {
    const series = new Series();
    await series.commit(2);
    const store = mortal(series.store, 1, false);
    await expect(series.prune({ keepLast: 1 }, { store })).rejects.toThrow(Killed);
  });
});

describe('prune in a versioned bucket', () => {
  it('hides without prune-noncurrent, and says so', async () => {
    const series = new Series({ versioning: 'enabled' });
    const [doomed = '', newest = ''] = await series.commit(2);
    const before = await series.everything();
    const outcome = await series.prune({ keepLast: 1 });
    expect(outcome).toMatchObject({ removed: [doomed], onlyHidden: true, deletedObjects: 4 });
    expect(await series.visible()).toEqual(series.keysOf([newest]).sort());
    expect(await series.everything()).toEqual(expect.arrayContaining(before));
  });

  it('deletes all versions and markers of what is doomed with prune-noncurrent, and no others', async () => {
    const series = new Series({ versioning: 'enabled' });
    const [doomed = '', newest = ''] = await series.commit(2);
    await series.foreign();
    // Written twice by a lost reply, and hidden by hand.
    await series.store.put(series.keys.file(doomed, 'a.txt'), Buffer.from('again'));
    await series.store.delete([{ key: series.keys.index(doomed) }, { key: series.keys.file(newest, 'a.txt') }]);
    const others = (await series.everything()).filter(
      (key) => !series.keysOf([doomed]).includes(key.split(' ')[0] ?? ''),
    );

    const outcome = await series.prune({ keepLast: 1 }, { pruneNoncurrent: true });
    expect(outcome).toMatchObject({ removed: [doomed], onlyHidden: false, deletedObjects: 5 });
    expect(await series.everything()).toEqual(others);
  });

  it.each([
    ['off', false, false],
    ['unknown', false, false],
    ['enabled', false, true],
    ['suspended', false, true],
    ['enabled', true, false],
  ] as const)('with versioning %s and prune-noncurrent %s onlyHides is %s', (versioning, pruneNoncurrent, hides) => {
    expect(onlyHides(versioning, pruneNoncurrent)).toBe(hides);
  });
});
