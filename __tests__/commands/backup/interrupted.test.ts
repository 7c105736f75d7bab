import { expect, it } from '@jest/globals';
import { backup } from '../../../src/commands/backup.ts';
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
