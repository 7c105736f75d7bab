import { describe, expect, it } from '@jest/globals';
import { encodeClaim } from '../../../src/series/claim.ts';
import { encodeEntry } from '../../../src/series/entry-line.ts';
import { fetchIndex, writeIndex } from '../../../src/series/index-file.ts';
import { receiptOf } from '../../../src/series/receipt.ts';
import { encodeRecord, parseRecord } from '../../../src/series/record.ts';
import { RunningTotals } from '../../../src/series/running-totals.ts';
import { formatVersionId } from '../../../src/series/version-id.ts';
import { asyncOf, KEYS } from '../../series/series-fixture.ts';
import { ObservedStore } from '../../store/observed-store.ts';
import { sha256Of } from '../../transfer/transfer-fixture.ts';
import { found, Scene } from './scene.ts';

const FILES = { 'a.txt': 'first', 'm.txt': 'second', 'z.txt': 'third' };

/** Adds a version that refers to the objects of the one before, under other names too, and has one file of its own. */
async function lean(scene: Scene, base: string): Promise<string> {
  const of = async (id: string) => parseRecord(await scene.read(KEYS.record(id)), KEYS.record(id), id);
  const record = await of(base);
  const index = await fetchIndex(scene.store, KEYS, record.index, `${scene.directory}/index`);
  const files = (await Array.fromAsync(index.entries())).filter((entry) => entry.type === 'file');
  await index.close();
  const number = record.number + 1;
  const id = formatVersionId({ series: 'dist', type: 'incremental', time: new Date(scene.nowMs), number });
  const own = Buffer.from('own');
  const key = KEYS.relative(KEYS.file(id, 'b.txt'));
  const receipt = receiptOf(await scene.store.put(KEYS.file(id, 'b.txt'), own));
  // What was `z.txt` is `a.txt` now: the order of the keys is not that of the paths.
  const [a, m, z] = files;
  if (a === undefined || m === undefined || z === undefined) throw new Error('The base has three files.');
  const b = { ...a, path: 'b.txt', size: own.length, sha256: sha256Of(own), key, ...(receipt && { receipt }) };
  const entries = [{ ...z, path: 'a.txt' }, b, m, { ...a, path: 'y.txt' }];
  const totals = new RunningTotals();
  for (const entry of entries) totals.add(entry);
  const lines = asyncOf(entries.map(encodeEntry));
  const { nonce, run, form } = record;
  const shared = { id, number, nonce, run, leansOn: [base], ...(form !== undefined && { form }) };
  const reference = await writeIndex(scene.store, KEYS, id, lines, {});
  await scene.store.put(KEYS.claim({ number }), encodeClaim(shared));
  const { format: _, ...rest } = record;
  const time = new Date(Math.floor(scene.nowMs / 1000) * 1000).toISOString();
  const changed = {
    ...rest,
    ...shared,
    type: 'incremental' as const,
    time,
    totals: totals.current(),
    index: reference,
  };
  await scene.store.put(KEYS.record(id), encodeRecord(changed));
  return id;
}

async function family() {
  const scene = await Scene.create();
  const full = await scene.backup(FILES);
  return { scene, full, incremental: await lean(scene, full) };
}

describe('versions that lean on others', () => {
  it.each(['objects', 'checksums', 'data', 'restore'] as const)('are intact at level %s', async (level) => {
    const { scene, incremental } = await family();
    await using _ = scene;
    for (const version of ['latest', 'all']) {
      const report = await scene.verify({ level, version });
      expect(found(report)).toEqual([]);
      expect(report.versions.at(-1)?.version.id).toBe(incremental);
      // The three of the base and its own; together the versions have no others.
      expect(report.checked.objects).toBe(4);
    }
    expect(scene.warnings).toEqual([]);
  });

  it('are read once where they share objects', async () => {
    const { scene } = await family();
    await using _ = scene;
    const store = new ObservedStore(scene.store);
    await scene.verify({ level: 'data', version: 'all' }, { store });
    const keys = store.requests.filter(({ operation }) => operation === 'get').map(({ keys: [key] }) => key);
    expect(keys.filter((key) => key?.includes('/files/'))).toHaveLength(4);
  });

  it('are all hurt by an object that they share, under each name', async () => {
    const { scene, full, incremental } = await family();
    await using _ = scene;
    await scene.remove(KEYS.file(full, 'a.txt'));
    await scene.put(KEYS.file(full, 'm.txt'), 'sEcond');
    const report = await scene.verify({ level: 'data', version: 'all' });
    expect(report.damaged.first.map(({ path, kind, versions }) => [path, kind, versions])).toEqual([
      ['a.txt', 'missing', [full]],
      ['y.txt', 'missing', [incremental]],
      ['m.txt', 'content', [full, incremental]],
    ]);
  });

  it('do not get to refer to others', async () => {
    const { scene, full, incremental } = await family();
    await using _ = scene;
    await scene.rewriteRecord(incremental, () => ({ leansOn: [] }));
    const report = await scene.verify();
    expect(found(report)).toEqual(['entry a.txt', 'entry m.txt', 'entry y.txt']);
    expect(report.damaged.first.at(-1)?.key).toBe(KEYS.file(full, 'a.txt'));
  });
});
