import { describe, expect, it } from '@jest/globals';
import { afterKill } from '../../../src/commands/backup/after-kill.ts';
import { objectKey } from '../../../src/store/object-key.ts';
import { parseWith } from '../../github/support.ts';
import { failure, ID, KEYS } from '../../series/series-fixture.ts';
import { MIB } from '../ports-fixture.ts';
import { Scene } from '../verify/scene.ts';

const OTHER = 'dist_full_20261122T080910Z_000043';

const inputs = () => parseWith({ bucket: 'backups', prefix: 'backups', name: 'dist' });

describe('what is left to do after a kill', () => {
  it('ends the uploads of that version, and no other, and leaves objects', async () => {
    await using scene = await Scene.create();
    await scene.put(KEYS.file(ID, 'done'), 'done');
    const keys = [KEYS.file(ID, 'a'), KEYS.file(ID, 'b', 2), KEYS.file(OTHER, 'a'), objectKey('backups/dist2/x')];
    for (const key of keys) await scene.store.openUpload(key, { partSize: MIB });
    expect(await afterKill(ID).run(inputs(), scene.ports())).toBe(2);
    const left = await Array.fromAsync(scene.store.listUploads(''), ({ key }) => key);
    expect(left.sort()).toEqual([KEYS.file(OTHER, 'a'), 'backups/dist2/x'].sort());
    expect(await scene.keys()).toEqual([KEYS.file(ID, 'done')]);
    expect(scene.lines.join()).toContain('The step was killed: 2 uploads that it had left open ended');
  });

  it('touches nothing of a version that is there, though the step could not say so any more', async () => {
    await using scene = await Scene.create();
    const id = await scene.backup({ a: 'a' });
    const before = await scene.keys();
    await scene.store.openUpload(KEYS.file(id, 'b'), { partSize: MIB });
    expect(await afterKill(id).run(inputs(), scene.ports())).toBe(0);
    expect(await Array.fromAsync(scene.store.listUploads(''))).toHaveLength(1);
    expect(await scene.keys()).toEqual(before);
    expect(scene.lines.join()).toContain(`killed after it had committed ${id}: the version is whole`);
    expect(await scene.verify({ level: 'data' })).toMatchObject({ problems: [] });
  });

  it.each(['other_full_20261122T080910Z_000042', '../x', ''])('refuses the note %j', async (id) => {
    await using scene = await Scene.create();
    await scene.store.openUpload(KEYS.file(ID, 'a'), { partSize: MIB });
    await expect(afterKill(id).run(inputs(), scene.ports())).rejects.toEqual(
      failure('permanent', `${JSON.stringify(id)} is no version of this series.`),
    );
    expect(await Array.fromAsync(scene.store.listUploads(''))).toHaveLength(1);
  });
});
