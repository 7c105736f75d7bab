import { tmpdir } from 'node:os';
import { describe, expect, it } from '@jest/globals';
import { BackupError } from '../../src/errors.ts';
import { doomedVersions } from '../../src/retention/plan.ts';
import type { RetentionPolicy } from '../../src/retention/types.ts';
import { claimReader } from '../../src/series/prune-claims.ts';
import { type PreviewOptions, previewPrune } from '../../src/series/prune-preview.ts';
import type { ObjectKey } from '../../src/store/object-key.ts';
import { ObservedStore } from '../store/observed-store.ts';
import { DAY_MS, Series } from './prune-fixture.ts';

async function preview(
  series: Series,
  store = new ObservedStore(series.store),
  policy: RetentionPolicy = { keepLast: 5 },
  options: PreviewOptions = {},
) {
  const plan = await series.plan(policy);
  const temporaryDirectory = tmpdir();
  const look = { store, keys: series.keys, plan, readClaim: claimReader(store), temporaryDirectory, ...options };
  return previewPrune(look, doomedVersions(plan));
}

/** A role that may not send these requests. */
function denying(series: Series, denied: string): ObservedStore {
  return new ObservedStore(series.store, {
    before: ({ operation }) => {
      if (operation === denied) {
        throw new BackupError('Access was denied.', { class: 'permanent', code: 'AccessDenied', hint: 'Grant it.' });
      }
    },
  });
}

describe('previewPrune', () => {
  it('names the killed run that a prune would clean up after, and changes nothing', async () => {
    const series = new Series();
    await series.commit(2);
    const killed = await series.killed(3);
    await series.committed(4);
    expect(await preview(series)).toEqual({ leftovers: [], objects: 0, bytes: 0, warnings: [] });

    series.nowMs += 7 * DAY_MS + 1;
    const before = await series.visible();
    const store = new ObservedStore(series.store);
    const claims = [series.keys.claim({ number: 3 })];
    expect(await preview(series, store)).toEqual({
      leftovers: [{ id: killed, claims, kind: 'abandoned', isPartlyNeeded: false }],
      objects: 1,
      bytes: 5,
      warnings: [],
    });
    expect(store.operations).toEqual(['list', 'get', 'list']);
    expect(await series.visible()).toEqual(before);
    expect((await series.prune({ keepLast: 5 })).abandoned).toEqual([killed]);
  });

  it('leaves out what a run that is still at work leans on', async () => {
    const series = new Series();
    const killed = await series.killed(1);
    series.nowMs += 8 * DAY_MS;
    await series.claim(2, 'dist_full_20261109T000000Z_000002', undefined, [killed]);
    expect(await preview(series)).toEqual({ leftovers: [], objects: 0, bytes: 0, warnings: [] });
  });

  it('does not count what a version that stays needs, and says what the prune then does', async () => {
    const series = new Series();
    const first = await series.committed(1, { files: ['a', 'b', 'c'] });
    await series.leaning(2, { a: undefined, b: first });
    const planned = await preview(series, undefined, { keepLast: 1 });
    expect(planned).toMatchObject({ leftovers: [{ id: first, kind: 'removed', isPartlyNeeded: true }], objects: 3 });
    const { deletedObjects } = await series.prune({ keepLast: 1 });
    expect(deletedObjects).toBe(planned.objects + 1);
  });

  it('names the uploads and the orphaned data that a prune by itself takes too', async () => {
    const series = new Series();
    const [id = ''] = await series.commit(1);
    const killed = await series.killed(2);
    const orphan = 'dist_full_20261101T000000Z_000009';
    await series.store.put(series.keys.file(orphan, 'a'), Buffer.from('late'));
    const open = (key: ObjectKey) => series.store.openUpload(key, { size: 10, partSize: 10 });
    const stale = [series.keys.file(id, 'old'), series.keys.file(killed, 'old')];
    for (const key of stale) await open(key);
    series.nowMs += 7 * DAY_MS + 1;
    await open(series.keys.file(id, 'young'));
    const ofKilled = await open(series.keys.file(killed, 'young')).then(() => series.keys.file(killed, 'young'));

    const before = await series.visible();
    const store = new ObservedStore(series.store);
    const { leftovers, uploads } = await preview(series, store, { keepLast: 5 }, { sweepsUploads: true });
    expect(leftovers.map((leftover) => leftover.id)).toEqual([killed, orphan]);
    expect(uploads).toEqual({ count: 3, examples: [...stale, ofKilled].sort() });
    expect(store.operations.filter((operation) => /delete|abort|put/.test(operation))).toEqual([]);
    expect(await series.visible()).toEqual(before);

    const outcome = await series.prune({ keepLast: 5 }, { sweepsUploads: true });
    expect(outcome.abandoned).toEqual([killed, orphan]);
    expect(outcome.uploads?.count).toBe(3);
    expect([...(outcome.uploads?.examples ?? [])].sort()).toEqual(uploads?.examples);
  });

  it('goes without the uploads where a role may not see them, and says so', async () => {
    const series = new Series();
    await series.commit(2);
    const store = denying(series, 'listUploads');
    const { uploads, warnings } = await preview(series, store, { keepLast: 1 }, { sweepsUploads: true });
    expect(uploads).toBeUndefined();
    expect(warnings).toEqual([
      { kind: 'unseen-uploads', message: expect.stringMatching(/leaves out the open uploads.*Grant it\.$/) },
    ]);
  });

  it('leaves alone what a prune that erases would: a version whose record was hidden a short while ago', async () => {
    const series = new Series({ versioning: 'enabled' });
    const [first = ''] = await series.commit(2);
    series.nowMs += 30 * DAY_MS;
    await series.store.delete([{ key: series.keys.record(first) }]);
    const planned = await preview(series, undefined, undefined, { erases: true });
    const { warnings } = await series.prune({ keepLast: 5 }, { pruneNoncurrent: true });
    expect(warnings).toEqual([expect.objectContaining({ kind: 'hidden-record' })]);
    expect(planned).toEqual({ leftovers: [], objects: 0, bytes: 0, warnings });
    expect((await preview(series)).leftovers).toMatchObject([{ id: first }]);

    const unseen = await preview(series, denying(series, 'listVersions'), undefined, { erases: true });
    expect(unseen.leftovers).toMatchObject([{ id: first }]);
    expect(unseen.warnings).toEqual([
      { kind: 'unseen-versions', message: expect.stringMatching(/hidden a short while ago.*Grant it\.$/) },
    ]);
  });
});
