import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { PackFixture, storedEntry } from '../../pack/pack-fixture.ts';
import { packedId, packKey, publishPacked } from '../../pack/publish-packed.ts';
import { bytesOf, KEYS } from '../../series/series-fixture.ts';
import { Scene, treeOf } from './scene.ts';

it('one wrong byte anywhere in a pack or a compressed object never comes back as a wrong file', async () => {
  await using scene = await Scene.create();
  const pack = new PackFixture(packKey()).add('a', 'some bytes').add('b', 'more').close().add('c', 'others').close();
  const { entry, stored } = storedEntry('d', Buffer.from('compressed'), `data/${packedId()}/files/d.zst`);
  await publishPacked(scene.store, { packs: [pack], entries: [entry], objects: { [entry.key]: stored } });
  const target = join(scene.workspace, 'target');
  const expected = { a: 'some bytes', b: 'more', c: 'others', d: 'compressed' };
  await scene.restore({ target });
  expect(await treeOf(target)).toEqual(expected);
  const unnoticed: string[] = [];
  for (const key of [KEYS.absolute(packKey()), KEYS.absolute(entry.key)]) {
    const bytes = await bytesOf((await scene.store.get(key)).body);
    for (const index of bytes.keys()) {
      const flipped = Buffer.from(bytes);
      flipped[index] = (flipped[index] ?? 0) ^ (1 << (index % 8));
      await scene.store.put(key, flipped);
      await rm(target, { recursive: true, force: true });
      const isRefused = await scene.restore({ target }).then(
        () => false,
        () => true,
      );
      const found = existsSync(target) ? await treeOf(target) : {};
      if (isRefused) expect(expected).toMatchObject(found);
      else expect(found).toEqual(expected);
      if (!isRefused) unnoticed.push(`${index} of ${bytes.byteLength}`);
    }
    await scene.store.put(key, bytes);
  }
  // Of the end of the archive, a frame of its own, a restore needs nothing; `verify` reads it too.
  const end = Math.max(...pack.entries.map(({ slice }) => (slice?.offset ?? 0) + (slice?.bytes ?? 0)));
  const length = pack.bytes().byteLength;
  expect(unnoticed).toEqual(Array.from({ length: length - end }, (_, index) => `${end + index} of ${length}`));
});
