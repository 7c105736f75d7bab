import { describe, expect, it } from '@jest/globals';
import { PruneTally } from '../../src/series/prune-outcome.ts';
import { Remover } from '../../src/series/prune-remover.ts';
import type { ObjectKey } from '../../src/store/object-key.ts';
import type { DeleteFailure } from '../../src/store/object-store.ts';
import { ObservedStore, refusing } from '../store/observed-store.ts';
import { Series } from './prune-fixture.ts';

describe('Remover', () => {
  it('deletes data in batches of 1,000 while it lists', async () => {
    const series = new Series();
    const files = Array.from({ length: 2500 }, (_, index) => `${index}`);
    await series.committed(1, { files });
    await series.committed(2);
    const store = new ObservedStore(series.store);
    const { deletedObjects } = await series.prune({ keepLast: 1 }, { store });
    expect(store.operations).toEqual([
      'list',
      'delete 1',
      'list',
      'get',
      'list',
      'delete 1000',
      'delete 1000',
      'delete 501',
      'delete 1',
    ]);
    expect(deletedObjects).toBe(2503);
  });

  it('leaves keys alone that no store of ours could have written', async () => {
    const series = new Series();
    const [doomed = ''] = await series.commit(2);
    const odd = `${series.keys.dataPrefix(doomed)}files//a`;
    await series.store.put(odd as ObjectKey, Buffer.from('foreign'));
    const outcome = await series.prune({ keepLast: 1 });
    expect(outcome.removed).toEqual([doomed]);
    expect(outcome.warnings).toMatchObject([{ kind: 'foreign-key', subject: odd }]);
    expect(await series.visible(series.keys.dataPrefix(doomed))).toEqual([odd]);
  });

  it('lists versions of records thrice whatever their number: doomed ones, hidden ones, those hidden for long', async () => {
    const series = new Series({ versioning: 'enabled' });
    await series.commit(3);
    const store = new ObservedStore(series.store);
    await series.prune({ keepLast: 1 }, { store, pruneNoncurrent: true });
    const listed = store.requests.filter(({ operation }) => operation === 'listVersions').map(({ keys }) => keys[0]);
    expect(listed.filter((prefix) => prefix === series.keys.versionsPrefix)).toHaveLength(3);
    expect(listed.filter((prefix) => prefix === series.keys.claimsPrefix)).toHaveLength(2);
  });

  it('counts what is gone, tells what is not, and goes on', async () => {
    const series = new Series();
    const id = await series.committed(1, { files: ['a', 'b', 'c'] });
    const tally = new PruneTally();
    const store = refusing(series.store, ({ key }) => (key.endsWith('/b') ? 'SlowDown' : undefined));
    const failures: DeleteFailure[] = [];
    const remover = new Remover(store, 'plain', tally);
    await remover.removeBelow(
      series.keys.dataPrefix(id),
      (failure) => failures.push(failure),
      () => true,
    );
    expect(failures.map(({ target, code }) => [target.key, code])).toEqual([[series.keys.file(id, 'b'), 'SlowDown']]);
    expect(tally.outcome(false)).toMatchObject({ deletedObjects: 3, deletedBytes: 15 });
    expect(await series.visible(series.keys.dataPrefix(id))).toEqual([series.keys.file(id, 'b')]);
  });

  it('does not count delete markers as objects', async () => {
    const series = new Series({ versioning: 'enabled' });
    const id = await series.committed(1);
    await series.store.delete([{ key: series.keys.index(id) }]);
    const tally = new PruneTally();
    await new Remover(series.store, 'all-versions', tally).removeBelow(series.keys.dataPrefix(id), fail, () => true);
    expect(tally.outcome(false)).toMatchObject({ deletedObjects: 2, deletedBytes: 10 });
    expect(await series.everything(series.keys.dataPrefix(id))).toEqual([]);
  });

  it('takes no key for another that begins with it', async () => {
    const series = new Series({ versioning: 'enabled' });
    const key = series.keys.pin(1);
    await series.store.put(key, Buffer.from('pin'));
    await series.store.put(`${key}.old` as ObjectKey, Buffer.from('other'));
    await new Remover(series.store, 'all-versions', new PruneTally()).removeKeys(series.keys.pinsPrefix, [key], fail);
    expect(await series.everything()).toEqual([`${key}.old`]);
  });
});

function fail(what: unknown): never {
  throw new Error(`unexpected: ${JSON.stringify(what)}`);
}
