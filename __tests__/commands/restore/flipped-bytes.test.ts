import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { bytesOf, KEYS } from '../../series/series-fixture.ts';
import { directory, file, idOf, Scene, symlink, treeOf } from './scene.ts';

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
      const target = join(scene.workspace, 'target');
      const expected = { a: '/', 'a/b': 'some bytes', c: '-> a/b', d: '/', zero: '' };
      await scene.restore({ target });
      expect(await treeOf(target)).toEqual(expected);

      const refused: Record<string, string> = {};
      for (const key of [KEYS.record(idOf(1)), KEYS.index(idOf(1)), KEYS.file(idOf(1), 'a/b')]) {
        const bytes = await bytesOf((await scene.store.get(key)).body);
        let count = 0;
        for (const index of bytes.keys()) {
          const flipped = Buffer.from(bytes);
          flipped[index] = (flipped[index] ?? 0) ^ mask;
          await scene.store.put(key, flipped);
          await rm(target, { recursive: true, force: true });
          const isRefused = await scene.restore({ target }).then(
            () => false,
            () => true,
          );
          const found = existsSync(target) ? await treeOf(target) : {};
          if (isRefused) count += 1;
          else expect(found).toEqual(expected);
          // What was complete before the restore stopped may be there, and nothing else.
          expect(expected).toMatchObject(found);
        }
        await scene.store.put(key, bytes);
        refused[key.slice(KEYS.base.length).replace(/\/.*\//, '/')] = `${count} of ${bytes.byteLength}`;
      }
      // Every byte of index and files counts; a record also tells of runs and tags, which no restore depends on.
      const [record = '', ...data] = Object.values(refused);
      expect(Number.parseInt(record, 10)).toBeGreaterThan(100);
      for (const counts of data) expect(counts).toMatch(/^(\d+) of \1$/);
    },
    TIMEOUT_MS,
  );
});
