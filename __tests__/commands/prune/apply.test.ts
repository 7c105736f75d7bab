import { describe, expect, it } from '@jest/globals';
import { backup } from '../../../src/commands/backup.ts';
import type { CommandPorts } from '../../../src/commands/ports.ts';
import { applyPolicy, noPrune } from '../../../src/commands/prune/apply.ts';
import { MemoryStore } from '../../../src/store/memory.ts';
import type { StoredObject } from '../../../src/store/object-store.ts';
import { KEYS, TIME } from '../../series/series-fixture.ts';
import { ObservedStore, refusing } from '../../store/observed-store.ts';
import { backupRequest, HOUR_MS } from '../ports-fixture.ts';
import { Scene } from '../verify/scene.ts';

const request = (scene: Scene) => backupRequest(scene, { retention: { policy: { keepLast: 1 } } });

/** Makes versions of one file, oldest first. @returns their IDs */
async function versions(scene: Scene, count: number, ports: CommandPorts = scene.ports()): Promise<string[]> {
  await scene.write({ a: 'a' });
  const ids: string[] = [];
  for (let number = 1; number <= count; number += 1) {
    ids.push((await backup(backupRequest(scene), ports))?.version.id ?? '');
    scene.nowMs += HOUR_MS;
  }
  return ids;
}

describe('applyPolicy', () => {
  it('removes what no rule keeps, and says of every version why', async () => {
    await using scene = await Scene.create();
    const [first, second, third] = await versions(scene, 3);
    const report = await applyPolicy(request(scene), scene.ports());
    expect(report).toMatchObject({ outcome: 'done', removed: [second, first], skipped: [], onlyHidden: false });
    expect(report.decisions.map(({ version, keep }) => [version.id, keep])).toEqual([
      [third, true],
      [second, false],
      [first, false],
    ]);
    expect((await scene.keys()).filter((key) => !key.includes(third ?? ''))).toEqual([KEYS.claim({ number: 3 })]);
    expect(scene.lines.join('\n')).toContain(first);
  });

  it('keeps a version that was pinned in the meantime', async () => {
    await using scene = await Scene.create();
    const [, second] = await versions(scene, 3);
    await scene.put(KEYS.pin(1), 'pinned');
    expect(await applyPolicy(request(scene), scene.ports())).toMatchObject({ outcome: 'done', removed: [second] });
  });

  it('keeps a version that is pinned after the plan was made, and says so', async () => {
    await using scene = await Scene.create();
    const [first = '', second] = await versions(scene, 3);
    const before = (await scene.keys()).filter((key) => key.includes(first));
    // `versioning` is the request after the listings that the plan is made of.
    const store = new ObservedStore(scene.store, {
      before: ({ operation }) => (operation === 'versioning' ? scene.put(KEYS.pin(1), 'pinned') : undefined),
    });
    const report = await applyPolicy(request(scene), scene.ports({ store }));
    expect(report).toMatchObject({ outcome: 'done', removed: [second], skipped: [] });
    expect(report.decisions.at(-1)).toMatchObject({
      version: { id: first },
      keep: true,
      reasons: ['pinned meanwhile'],
    });
    expect((await scene.keys()).filter((key) => key.includes(first))).toEqual(before);
    expect(scene.lines.join('\n')).toMatch(/version 1 .* kept +pinned meanwhile/);
  });

  it('is `failed` where a delete is refused, and goes on with the rest', async () => {
    await using scene = await Scene.create();
    const [first, second] = await versions(scene, 3);
    const refused = KEYS.record(first ?? '');
    const store = refusing(scene.store, ({ key }) => (key === refused ? 'AccessDenied' : undefined));
    const report = await applyPolicy(request(scene), scene.ports({ store }));
    expect(report).toMatchObject({
      outcome: 'failed',
      removed: [second],
      skipped: [{ id: first }],
      failure: expect.stringContaining(refused),
    });
    expect((await scene.keys()).filter((key) => key.includes(first ?? ''))).toHaveLength(3);
  });
});

describe('applyPolicy: versioning of the bucket', () => {
  const askedIn = async (scene: Scene, record?: StoredObject) => {
    const store = new ObservedStore(scene.store);
    const own = record && { claim: KEYS.claim({ number: 2 }), record };
    const report = await applyPolicy(request(scene), scene.ports({ store }), own);
    return { asked: store.operations.includes('versioning'), onlyHidden: report.onlyHidden };
  };

  it.each<[string, StoredObject | undefined, { asked: boolean; onlyHidden: boolean }]>([
    ['asks for it without a record of its own', undefined, { asked: true, onlyHidden: false }],
    ['asks for it where the reply to the record was lost', {}, { asked: true, onlyHidden: false }],
    ['knows it is off by the reply', { etag: '"e"' }, { asked: false, onlyHidden: false }],
    ['knows it is on by the reply', { etag: '"e"', versionId: 'v1' }, { asked: false, onlyHidden: true }],
    ['knows it is suspended by the reply', { etag: '"e"', versionId: 'null' }, { asked: false, onlyHidden: true }],
  ])('%s', async (_title, record, expected) => {
    await using scene = await Scene.create();
    await versions(scene, 2);
    expect(await askedIn(scene, record)).toEqual(expected);
  });

  it('hides in a versioned bucket, and deletes for good when asked to', async () => {
    await using scene = await Scene.create();
    const store = new MemoryStore({ versioning: 'enabled', clock: () => new Date(scene.nowMs) });
    const [first = '', second = ''] = await versions(scene, 2, scene.ports({ store }));
    const asked = request(scene);
    const left = async (id: string) => {
      const listed = await Array.fromAsync(store.listVersions(KEYS.dataPrefix(id)));
      return listed.filter(({ isDeleteMarker }) => !isDeleteMarker).length;
    };
    expect(await applyPolicy(asked, scene.ports({ store }))).toMatchObject({ removed: [first], onlyHidden: true });
    expect(await left(first)).toBe(2);

    await versions(scene, 1, scene.ports({ store }));
    const forGood = { ...asked, retention: { ...asked.retention, pruneNoncurrent: true } };
    expect(await applyPolicy(forGood, scene.ports({ store }))).toMatchObject({ removed: [second], onlyHidden: false });
    expect(await left(second)).toBe(0);
  });
});

describe('noPrune', () => {
  it('keeps every version, and says so', () => {
    const version = { id: 'dist_full_20261122T080910Z_000001', number: 1, type: 'full' as const, time: TIME };
    expect(noPrune([version])).toMatchObject({
      outcome: 'off',
      removed: [],
      decisions: [{ version, keep: true, reasons: ['no retention rule', 'newest version'] }],
    });
  });
});
