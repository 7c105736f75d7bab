import { expect, it } from '@jest/globals';
import { PackFixture, storedEntry } from '../../pack/pack-fixture.ts';
import { packedId, packKey, publishPacked } from '../../pack/publish-packed.ts';
import { KEYS } from '../../series/series-fixture.ts';
import { expectIntact, flipEachByte } from './flips.ts';
import { Scene } from './scene.ts';

/** Each bit of a byte in turn. */
const oneBit = (index: number) => 1 << (index % 8);

it('one wrong byte anywhere in a pack or a compressed object never comes back as a wrong file', async () => {
  await using scene = await Scene.create();
  const pack = new PackFixture(packKey()).add('a', 'some bytes').add('b', 'more').close().add('c', 'others').close();
  const { entry, stored } = storedEntry('d', Buffer.from('compressed'), `data/${packedId()}/files/d.zst`);
  await publishPacked(scene.store, { packs: [pack], entries: [entry], objects: { [entry.key]: stored } });
  const expected = { a: 'some bytes', b: 'more', c: 'others', d: 'compressed' };
  await expectIntact(scene, expected);
  const { bytes, unnoticed } = await flipEachByte(scene, KEYS.absolute(packKey()), oneBit, expected);
  // Of the end of the archive, a frame of its own, a restore needs nothing; `verify` reads it too.
  const end = Math.max(...pack.entries.map(({ slice }) => (slice?.offset ?? 0) + (slice?.bytes ?? 0)));
  expect(unnoticed).toEqual(Array.from({ length: bytes - end }, (_, index) => end + index));
  const compressed = await flipEachByte(scene, KEYS.absolute(entry.key), oneBit, expected);
  expect(compressed).toEqual({ bytes: stored.byteLength, unnoticed: [] });
});
