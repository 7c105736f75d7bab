import { expect, it } from '@jest/globals';
import { backup } from '../../../src/commands/backup.ts';
import type { Stage } from '../../../src/commands/ports.ts';
import { BackupError } from '../../../src/errors.ts';
import { RUN } from '../../series/series-fixture.ts';
import { ObservedStore, type Request } from '../../store/observed-store.ts';
import { backupRequest } from '../ports-fixture.ts';
import { Scene } from '../verify/scene.ts';

const CANCELLED = new BackupError('The step was cancelled.', { class: 'local', operation: 'cancel' });

it.each([
  ['a job has a next attempt', true, RUN.runId, /^Re-run the job: its next attempt goes on with version 1,/],
  ['nobody goes on', false, RUN.runId, undefined],
  ['there is no job', true, '', undefined],
] as const)(
  'where %s it is said of a backup that is cancelled, and only there',
  async (_where, resume, runId, hint) => {
    await using scene = await Scene.create();
    await scene.write({ a: 'a' });
    const before = ({ operation, keys }: Request) => {
      if (operation === 'put' && keys[0]?.includes('/data/')) throw CANCELLED;
    };
    const store = new ObservedStore(scene.store, { before });
    const ports = scene.ports({ store, run: { ...RUN, runId } });
    const error = await backup(backupRequest(scene, { resume }), ports).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ message: CANCELLED.message, details: { operation: 'cancel' } });
    expect(error instanceof BackupError && error.details.hint).toEqual(hint && expect.stringMatching(hint));
  },
);

it('says of a backup that is cancelled after its commit that it is complete, and nothing worse of the rest', async () => {
  await using scene = await Scene.create();
  await scene.backup({ a: 'a' });
  await scene.write({ a: 'b' });
  const controller = new AbortController();
  const store = new ObservedStore(scene.store, { before: () => controller.signal.throwIfAborted() });
  const onStage = (stage: Stage) => stage === 'committed' && controller.abort(CANCELLED);
  const asked = { retention: { policy: { keepLast: 1 } } };
  const report = await backup(backupRequest(scene, asked), scene.ports({ store, onStage, signal: controller.signal }));
  expect(report).toMatchObject({ version: { number: 2 }, prune: { outcome: 'failed' } });
  expect(scene.warnings).toEqual([
    { kind: 'prune-cut-short', message: expect.stringContaining('The backup is complete') },
  ]);
});
