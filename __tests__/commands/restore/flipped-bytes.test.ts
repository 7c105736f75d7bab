import { describe, expect, it } from '@jest/globals';
import { KEYS } from '../../series/series-fixture.ts';
import { expectIntact, flipEachByte } from './flips.ts';
import { directory, file, idOf, Scene, symlink } from './scene.ts';

const TIMEOUT_MS = 120_000;

/** All flipped at once, and the least that can be: a bit that often makes another valid character. */
const MASKS = [0xff, 0x01] as const;

describe('one wrong byte anywhere in a stored version', () => {
  it.each(MASKS)(
    'never comes back as a wrong file: each byte ^ %i',
    async (mask) => {
      await using scene = await Scene.create();
      await scene.publish({
        items: [file('a/b', 'some bytes'), symlink('c', 'a/b'), directory('d'), file('zero', '')],
      });
      const expected = { a: '/', 'a/b': 'some bytes', c: '-> a/b', d: '/', zero: '' };
      await expectIntact(scene, expected);
      const record = await flipEachByte(scene, KEYS.record(idOf(1)), () => mask, expected);
      // A record also tells of runs and tags, which no restore depends on.
      expect(record.bytes - record.unnoticed.length).toBeGreaterThan(100);
      for (const key of [KEYS.index(idOf(1)), KEYS.file(idOf(1), 'a/b')]) {
        expect(await flipEachByte(scene, key, () => mask, expected)).toMatchObject({ unnoticed: [] });
      }
    },
    TIMEOUT_MS,
  );
});
