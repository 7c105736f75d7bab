import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { startOf } from '../../../../dev/s3-server/operations/list-objects.ts';
import { type PageRequest, pageSize, takePage } from '../../../../dev/s3-server/operations/paging.ts';
import { KeyIndex } from '../../../../dev/s3-server/storage/key-index.ts';

const KEYS = ['a', 'b/1', 'b/2', 'c', 'd/1/x', 'd/2'];

function* rowsOf(index: KeyIndex<string>, { prefix, after }: PageRequest): Generator<readonly [string, string]> {
  for (const [key, value] of index.entries(startOf(prefix, after))) if (key !== after) yield [key, value];
}

const indexOf = (keys: readonly string[]): KeyIndex<string> => {
  const index = new KeyIndex<string>();
  for (const key of keys) index.set(key, key);
  return index;
};

function everyPage(keys: readonly string[], request: Omit<PageRequest, 'after'>): string[][] {
  const index = indexOf(keys);
  const pages: string[][] = [];
  let after: string | undefined;
  do {
    const page = takePage(rowsOf(index, { ...request, after }), { ...request, after });
    pages.push([...page.rows, ...page.prefixes]);
    after = page.truncated ? page.last : undefined;
  } while (after !== undefined && pages.length <= keys.length);
  return pages;
}

describe('takePage', () => {
  it('rolls up keys under common prefixes, which count as rows', () => {
    expect(everyPage(KEYS, { prefix: '', delimiter: '/', maxRows: 2 })).toEqual([
      ['a', 'b/'],
      ['c', 'd/'],
    ]);
  });

  it('stays within the prefix', () => {
    expect(everyPage(KEYS, { prefix: 'd/', delimiter: '/', maxRows: 10 })).toEqual([['d/2', 'd/1/']]);
    expect(everyPage(KEYS, { prefix: 'x', delimiter: '', maxRows: 10 })).toEqual([[]]);
  });

  it('gives every key exactly once, whatever the page size', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.string({ unit: fc.constantFrom('a', 'b', '/', 'é', '🎒'), minLength: 1, maxLength: 5 })),
        fc.integer({ min: 1, max: 4 }),
        (keys, maxRows) => {
          const pages = everyPage(keys, { prefix: '', delimiter: '', maxRows });
          const sorted = [...keys].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
          expect(pages.flat()).toEqual(sorted);
          expect(Math.max(...pages.map(({ length }) => length))).toBeLessThanOrEqual(maxRows);
        },
      ),
    );
  });

  it('gives every common prefix exactly once, too', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.string({ unit: fc.constantFrom('a', 'b', '/'), minLength: 1, maxLength: 5 })),
        fc.integer({ min: 1, max: 4 }),
        (keys, maxRows) => {
          const pages = everyPage(keys, { prefix: '', delimiter: '/', maxRows });
          const rolledUp = new Set(keys.map((key) => (key.includes('/') ? key.slice(0, key.indexOf('/') + 1) : key)));
          expect(pages.flat().sort()).toEqual([...rolledUp].sort());
        },
      ),
    );
  });
});

describe('pageSize', () => {
  it('is 1,000 at most and when nothing is said', () => {
    expect([pageSize(null, 'max-keys'), pageSize('5000', 'max-keys'), pageSize('7', 'max-keys')]).toEqual([
      1000, 1000, 7,
    ]);
    expect(pageSize(null, 'max-keys', 3)).toBe(3);
  });

  it.each(['-1', 'x', '1.5'])('refuses %s', (text) => {
    expect(() => pageSize(text, 'max-keys')).toThrow(expect.objectContaining({ code: 'InvalidArgument' }));
  });
});
