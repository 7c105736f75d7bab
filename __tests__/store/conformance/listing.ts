import { expect, it } from '@jest/globals';
import { objectKey } from '../../../src/store/object-key.ts';
import { type NewPlace, TIMEOUT_MS } from './place.ts';

/** One more than two pages of a listing and two batches of deletes, of 1,000 each. */
const MANY = 2001;
const PUTS_AT_ONCE = 32;

/** Names in the order of their UTF-8 bytes; UTF-16 would put the emoji before U+FB00 and U+FFFD. */
const IN_BYTE_ORDER = [
  '-',
  '.x',
  'A',
  'Z',
  'a',
  'a b',
  'a-b',
  'a.b',
  'a/b',
  'a0',
  'aa',
  'é',
  '日',
  'ﬀ',
  '\ufffd',
  '🦊',
];

export function describeListing(place: NewPlace): void {
  it('lists in the order of UTF-8 bytes, below the prefix only', async () => {
    const here = place();
    for (const name of IN_BYTE_ORDER.toReversed()) await here.put(name, name);
    expect(await here.names()).toEqual(IN_BYTE_ORDER);
    expect(await here.names(`${here.prefix}a/`)).toEqual(['a/b']);
    expect(await here.names(`${here.prefix}a`)).toEqual(['a', 'a b', 'a-b', 'a.b', 'a/b', 'a0', 'aa']);
    expect(await here.names(`${here.prefix}none/`)).toEqual([]);
  });

  it('lists the folders right below a prefix, each once, and no objects beside them', async () => {
    const here = place();
    for (const name of ['b/2/x', 'a/x', 'a b/x', 'a/deep/x', 'b/1', '🦊/x', 'file', 'a']) await here.put(name);
    const folders = async (prefix: string) =>
      (await Array.fromAsync(here.store.listPrefixes(prefix))).map((found) => found.slice(here.prefix.length));
    expect(await folders(here.prefix)).toEqual(['a b/', 'a/', 'b/', '🦊/']);
    expect(await folders(`${here.prefix}b/`)).toEqual(['b/2/']);
    expect(await folders(`${here.prefix}none/`)).toEqual([]);
  });

  it('lists sizes and times', async () => {
    const here = place();
    const key = await here.put('a', '12345');
    const [listed] = await Array.fromAsync(here.store.list(here.prefix));
    expect(listed).toMatchObject({ key, size: 5 });
    expect(listed?.etag).toBe((await here.store.head(key)).etag);
    const { lastModified } = await here.store.head(key);
    expect(Math.abs((listed?.lastModified.getTime() ?? 0) - lastModified.getTime())).toBeLessThanOrEqual(1000);
  });

  it(
    'lists and deletes more than a page',
    async () => {
      const here = place();
      const names = Array.from({ length: MANY }, (_, index) => String(index).padStart(5, '0'));
      const queue = names.values();
      const worker = async () => {
        for (const name of queue) await here.put(name);
      };
      await Promise.all(Array.from({ length: PUTS_AT_ONCE }, worker));
      expect(await here.names()).toEqual(names);
      expect(await here.store.delete(names.map((name) => ({ key: here.key(name) })))).toEqual([]);
      expect(await here.names()).toEqual([]);
    },
    TIMEOUT_MS,
  );

  it('may delete what it is listing', async () => {
    const here = place();
    for (const name of ['a', 'b', 'c']) await here.put(name);
    const seen: string[] = [];
    for await (const { key } of here.store.list(here.prefix)) {
      seen.push(key.slice(here.prefix.length));
      await here.store.delete([{ key: objectKey(key) }]);
    }
    expect(seen).toEqual(['a', 'b', 'c']);
    expect(await here.names()).toEqual([]);
  });
}
