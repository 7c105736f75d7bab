import { describe, expect, it } from '@jest/globals';
import { exists } from '../../src/store/exists.ts';
import { MemoryStore } from '../../src/store/memory.ts';
import { objectKey } from '../../src/store/object-key.ts';

describe('exists', () => {
  it.each([
    ['a', ['a', 'a/b'], true],
    ['a', ['a'], true],
    ['a', ['a/b', 'ab'], false],
    ['a', [], false],
  ])('looks for exactly %j among %j', async (key, keys, expected) => {
    const store = new MemoryStore({ clock: () => new Date(0) });
    for (const name of keys) await store.put(objectKey(name), Buffer.from(''));
    expect(await exists(store, objectKey(key))).toBe(expected);
  });
});
