import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { isDamaged } from '../../../src/errors.ts';
import type { ObjectKey } from '../../../src/store/object-key.ts';
import { LEAVE_OUT_HINT } from '../../../src/transfer/damage.ts';
import { KEYS } from '../../series/series-fixture.ts';
import { file, idOf, Scene, treeOf } from './scene.ts';

const removed = async (scene: Scene, key: ObjectKey) => {
  await scene.store.delete([{ key }]);
  return scene.restore({ target: join(scene.workspace, 'all') }).catch((error: unknown) => error);
};

describe('a restore of a version of which an object is missing', () => {
  it('names the way to the rest, which is one', async () => {
    await using scene = await Scene.create();
    await scene.publish({ items: [file('gone.bin'), file('here')] });
    const error = await removed(scene, KEYS.file(idOf(1), 'gone.bin'));
    expect(isDamaged(error) && error.details.hint).toContain(LEAVE_OUT_HINT);

    const target = join(scene.workspace, 'rest');
    await scene.restore({ target, patterns: ['**', '!gone.bin'] });
    expect(await treeOf(target)).toEqual({ here: 'here' });
  });

  it('names none where the index is missing, without which there is no rest', async () => {
    await using scene = await Scene.create();
    await scene.publish({ items: [file('here')] });
    const error = await removed(scene, KEYS.index(idOf(1)));
    expect(isDamaged(error) && error.details.hint).toMatch(/restore an older or newer one\.$/);
  });
});
