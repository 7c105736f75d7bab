import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { backup } from '../../../src/commands/backup.ts';
import { applyPolicy } from '../../../src/commands/prune/apply.ts';
import { pruneCommand } from '../../../src/commands/prune/command.ts';
import { previewPolicy } from '../../../src/commands/prune/preview.ts';
import { prune } from '../../../src/commands/prune.ts';
import { FUTURE_TOLERANCE_MS } from '../../../src/retention/guards.ts';
import { listPins, listVersions } from '../../../src/series/catalogue.ts';
import { span } from '../../retention/versions.ts';
import { KEYS, RUN } from '../../series/series-fixture.ts';
import { ObservedStore } from '../../store/observed-store.ts';
import { type Asked, backupRequest, FULL_ONLY, HOUR_MS } from '../ports-fixture.ts';
import { Scene } from '../verify/scene.ts';

const HALF = { kind: 'percent', percent: 50 } as const;
const DAY_MS = 24 * HOUR_MS;

/** Bare records, a day apart, whose data nobody looks at. */
async function records(scene: Scene, count: number, first = 1): Promise<string[]> {
  const ids: string[] = [];
  for (let number = first; number < first + count; number += 1) {
    const stamp = new Date(scene.nowMs).toISOString().replace(/[-:]|\.\d+/g, '');
    const id = `dist_full_${stamp}_${String(number).padStart(6, '0')}`;
    await scene.put(KEYS.record(id), 'record');
    ids.push(id);
    scene.nowMs += DAY_MS;
  }
  return ids;
}

const retention = (policy: NonNullable<Asked['retention']>) => ({ retention: { maxDelete: HALF, ...policy } });
const numbersLeft = async (scene: Scene) => (await listVersions(scene.store, KEYS)).map(({ number }) => number);

describe('a dry run', () => {
  it('prints the very plan that a real run carries out', async () => {
    await using scene = await Scene.create();
    await records(scene, 12);
    await scene.put(KEYS.pin(2), '');
    const request = backupRequest(
      scene,
      retention({
        policy: { keepLast: 3, keepWeekly: 3, keepMonthly: 2 },
        maxDelete: { kind: 'percent', percent: 100 },
      }),
    );
    const [versions, pins] = await Promise.all([listVersions(scene.store, KEYS), listPins(scene.store, KEYS)]);
    const planned = await previewPolicy(request, versions, pins, scene.ports());
    const lines = scene.lines.splice(0);
    const done = await applyPolicy(request, scene.ports());
    expect(done.decisions).toEqual(planned.decisions);
    expect(done.removed).toEqual(planned.removed);
    expect(done.removed.length).toBeGreaterThan(3);
    expect(scene.lines.map((line) => line.replace(/\bremoved\s+/, 'gone '))).toEqual(
      lines
        .map((line) => line.replace(/would be removed\s+/, 'gone ').replace(/kept {9}/, 'kept '))
        .map((line) => line.replace(/kept\s+/, 'kept     ')),
    );
  });
});

describe('a guard', () => {
  it('stops the whole prune before the first delete, the cleanup too, and fails the prune command', async () => {
    await using scene = await Scene.create();
    await records(scene, 4);
    const store = new ObservedStore(scene.store);
    const request = { ...backupRequest(scene, retention({ policy: { keepLast: 1 } })), dryRun: false };
    const report = await prune(request, scene.ports({ store }));
    expect(report.prune).toMatchObject({ outcome: 'failed', stopped: true, removed: [], deletedObjects: 0 });
    expect(store.operations.filter((operation) => operation === 'delete')).toEqual([]);
    expect(await numbersLeft(scene)).toEqual([1, 2, 3, 4]);
    expect(scene.lines.join('\n')).toMatch(/version 1 .* not removed +beyond the last 1/);

    const failure = pruneCommand.failure?.(report);
    expect(failure?.message).toMatch(
      /^Nothing was pruned: 3 of 4 versions would be removed, and max-delete \(50%\) allows 2/,
    );
    expect(pruneCommand.summary(report)).toContain('**The prune was stopped before it deleted anything.**');
    const plan = JSON.parse(pruneCommand.outputs(report).plan ?? '');
    expect(plan.at(-1)).toMatchObject({ number: 1, decision: 'not removed', reasons: ['beyond the last 1'] });

    const dry = await prune({ ...request, dryRun: true }, scene.ports());
    expect(dry.prune).toEqual(report.prune);
  });

  it('stops a prune beside a version that is dated in the future', async () => {
    await using scene = await Scene.create();
    await records(scene, 3);
    scene.nowMs -= 10 * DAY_MS;
    const report = await applyPolicy(backupRequest(scene, retention({ policy: { keepLast: 2 } })), scene.ports());
    expect(report).toMatchObject({ stopped: true, failure: expect.stringContaining('dated in the future') });
    expect(await numbersLeft(scene)).toEqual([1, 2, 3]);
  });

  it('leaves a backup good, with a warning and a failed prune', async () => {
    await using scene = await Scene.create();
    await records(scene, 5);
    await scene.write({ a: 'a' });
    const report = await backup(backupRequest(scene, retention({ policy: { keepLast: 1 } })), scene.ports());
    expect(report?.version.number).toBe(6);
    expect(report?.prune).toMatchObject({ outcome: 'failed', stopped: true });
    expect(scene.warnings.at(-1)).toMatchObject({ kind: 'prune-stopped', reason: expect.stringContaining('5 of 6') });
    expect(await numbersLeft(scene)).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it('warns in a dry run of a backup that the prune after it would be stopped', async () => {
    await using scene = await Scene.create();
    await records(scene, 5);
    await scene.write({ a: 'a' });
    const request = backupRequest(scene, { ...retention({ policy: { keepLast: 1 } }), dryRun: true });
    expect((await backup(request, scene.ports()))?.prune).toMatchObject({ stopped: true });
    expect(scene.warnings).toMatchObject([
      { kind: 'prune-stopped', message: 'The prune after such a backup would be stopped.' },
    ]);
  });
});

describe('keep-tag', () => {
  const tagged = async (scene: Scene, tags: Readonly<Record<string, string>>) => {
    await scene.write({ a: 'a' });
    await backup(backupRequest(scene, { tags }), scene.ports());
    scene.nowMs += HOUR_MS;
  };

  it('reads each record once, and keeps what has the tag', async () => {
    await using scene = await Scene.create();
    for (const release of ['true', 'false', 'false', 'true', 'false']) await tagged(scene, { release });
    const store = new ObservedStore(scene.store);
    const keepTags = [{ key: 'release', value: 'true' }];
    const report = await applyPolicy(backupRequest(scene, retention({ policy: { keepTags } })), scene.ports({ store }));
    expect(report.outcome).toBe('done');
    expect(await numbersLeft(scene)).toEqual([1, 4, 5]);
    const claims = 2;
    expect(store.operations.filter((operation) => operation === 'get')).toHaveLength(5 + claims);
  });

  it('counts the tags of the version that a dry run only plans', async () => {
    await using scene = await Scene.create();
    await tagged(scene, {});
    await tagged(scene, {});
    const asked = retention({ policy: { keepTags: [{ key: 'first' }] } });
    const request = backupRequest(scene, { ...asked, tags: { first: 'yes' }, dryRun: true });
    expect((await backup(request, scene.ports()))?.prune).toMatchObject({ outcome: 'failed', stopped: true });
    const generous = {
      ...request,
      retention: { ...request.retention, maxDelete: { kind: 'percent', percent: 100 } as const },
    };
    expect((await backup(generous, scene.ports()))?.prune).toMatchObject({ outcome: 'planned' });
  });

  it('that no version has is an error without a delete; after a backup, a failed prune', async () => {
    await using scene = await Scene.create();
    for (let count = 0; count < 3; count += 1) await tagged(scene, { release: 'true' });
    const request = backupRequest(scene, retention({ policy: { keepLast: 2, keepTags: [{ key: 'relase' }] } }));
    await expect(applyPolicy(request, scene.ports())).rejects.toThrow(/keep-tag is "relase", but no version/);
    expect((await backup(request, scene.ports()))?.prune).toMatchObject({ outcome: 'failed', removed: [] });
    expect(await numbersLeft(scene)).toEqual([1, 2, 3, 4]);
  });
});

describe('ephemeral runners', () => {
  it.each([
    ['full', 5, FULL_ONLY, []],
    // What the first stored and all refer to, and the claim by which it is found.
    ['incremental', 4, { ...FULL_ONLY, mode: 'auto' }, ['claims/000001.json', 'data/dist 000001/files/a']],
  ] as const)(
    'a hundred %s runs of random runners with keep-last 7 leave exactly seven',
    async (_, objects, incremental, shared) => {
      await using scene = await Scene.create();
      for (let run = 1; run <= 100; run += 1) {
        const random = (run * 2_654_435_761) % 2 ** 32;
        const root = join(scene.directory, `workspace-${random}`);
        const temporaryDirectory = join(scene.directory, `temp-${random}`);
        await Promise.all([mkdir(root), mkdir(temporaryDirectory)]);
        await Promise.all([writeFile(join(root, 'a'), 'a'), writeFile(join(root, 'run'), `run ${run}`)]);
        const ports = scene.ports({
          run: { ...RUN, runId: String(random), job: `job-${random}`, url: `https://runner-${random}` },
          temporaryDirectory,
        });
        const asked = { ...retention({ policy: { keepLast: 7 } }), selection: { root }, incremental };
        const report = await backup(backupRequest(scene, asked), ports);
        expect(report?.prune.outcome).toBe('done');
        expect(await readdir(temporaryDirectory)).toEqual([]);
        scene.nowMs += HOUR_MS;
      }
      expect(await numbersLeft(scene)).toEqual([94, 95, 96, 97, 98, 99, 100]);
      const keys = (await scene.keys()).map((key) => key.slice(KEYS.base.length));
      expect(keys.filter((key) => key.includes('000001')).map((key) => key.replace(/_[^/]*_/, ' '))).toEqual(shared);
      expect(keys).toHaveLength(7 * objects + shared.length);
    },
  );
});

describe('an attacker who can only write', () => {
  /** So that nothing but the rule protects them. */
  const ALL = { kind: 'percent', percent: 100 } as const;
  const POLICY = { keepLast: 3, keepDaily: 3, keepWithin: span('7d') };

  /** Fourteen days of backups, then a flood. @returns what is left of the fourteen, and what the prune said */
  async function afterFlood(time: (index: number, nowMs: number) => number) {
    await using scene = await Scene.create();
    const real = await records(scene, 14);
    const nowMs = scene.nowMs - DAY_MS;
    for (let index = 0; index < 1000; index += 1) {
      scene.nowMs = time(index, nowMs);
      await records(scene, 1, 15 + index);
    }
    scene.nowMs = nowMs;
    const { outcome, failure } = await applyPolicy(
      backupRequest(scene, retention({ policy: POLICY, maxDelete: ALL })),
      scene.ports(),
    );
    const left = (await listVersions(scene.store, KEYS)).map(({ id }) => id).filter((id) => real.includes(id));
    return { outcome, failure, left: left.length };
  }

  it.each([
    ['now', (_: number, nowMs: number) => nowMs],
    ['in the last minutes', (index: number, nowMs: number) => nowMs - index * 1000],
    ['all over the last days', (index: number, nowMs: number) => nowMs - index * 600_000],
    ['in the past', (index: number, nowMs: number) => nowMs - 400 * DAY_MS - index * HOUR_MS],
    ['as far in the future as passes for the present', (_: number, nowMs: number) => nowMs + FUTURE_TOLERANCE_MS],
  ])('evicts by a thousand versions, dated %s, nothing that keep-within protects', async (_title, time) => {
    const { outcome, left } = await afterFlood(time);
    expect(outcome).toBe('done');
    // Six or seven of the last week: seven days before the newest is not within them.
    expect(left).toBeGreaterThanOrEqual(6);
  });

  it('moves no window on by a date in the future: that stops the prune', async () => {
    const { failure, left } = await afterFlood((_, nowMs) => nowMs + 30 * DAY_MS);
    expect(failure).toMatch(/dated in the future \(1000 in all\)/);
    expect(left).toBe(14);
  });
});
