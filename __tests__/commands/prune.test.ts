import { describe, expect, it } from '@jest/globals';
import { prune } from '../../src/commands/prune.ts';
import { KEYS } from '../series/series-fixture.ts';
import { backupRequest, HOUR_MS } from './ports-fixture.ts';
import { Scene } from './verify/scene.ts';

const task = (scene: Scene, dryRun = false) => ({
  ...backupRequest(scene, { retention: { policy: { keepLast: 1 } } }),
  dryRun,
});

describe('prune', () => {
  it.each([false, true])(
    'warns of a series of which there is nothing, and does nothing else (dry run: %s)',
    async (dryRun) => {
      await using scene = await Scene.create();
      const { prune: outcome } = await prune(task(scene, dryRun), scene.ports());
      expect(outcome).toMatchObject({ removed: [], decisions: [] });
      expect(outcome.failure).toBeUndefined();
      expect(scene.warnings).toMatchObject([
        { kind: 'no-series', message: expect.stringMatching(/^There is no series "dist" below /) },
      ]);
    },
  );

  it('warns of none that has a version, or the claim of a first one', async () => {
    await using scene = await Scene.create();
    await scene.put(KEYS.claim({ number: 1 }), '{}');
    await prune(task(scene), scene.ports());
    await scene.backup({ a: 'a' });
    scene.nowMs += HOUR_MS;
    await prune(task(scene), scene.ports());
    expect(scene.warnings.filter(({ kind }) => kind === 'no-series')).toEqual([]);
  });
});
