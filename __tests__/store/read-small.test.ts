import { describe, expect, it } from '@jest/globals';
import { BackupError } from '../../src/errors.ts';
import { MemoryStore } from '../../src/store/memory.ts';
import { objectKey } from '../../src/store/object-key.ts';
import type { ObjectBody } from '../../src/store/object-store.ts';
import { readSmall } from '../../src/store/read-small.ts';
import { failure } from '../series/series-fixture.ts';

const KEY = objectKey('a/b\n');

/** A store whose one object comes in these chunks, whatever size it is said to have. */
class ChunkStore extends MemoryStore {
  delivered = 0;
  closed = false;
  readonly #chunks: Iterable<string>;

  constructor(chunks: Iterable<string>) {
    super({ clock: () => new Date('2026-11-22T08:09:10Z') });
    this.#chunks = chunks;
  }

  override async get(): Promise<ObjectBody> {
    return { size: 1, body: this.#body() };
  }

  async *#body(): AsyncGenerator<Uint8Array> {
    try {
      for (const chunk of this.#chunks) {
        this.delivered += 1;
        yield Buffer.from(chunk);
      }
    } finally {
      this.closed = true;
    }
  }
}

function* endless() {
  for (;;) yield 'x'.repeat(10);
}

describe('readSmall', () => {
  it.each([
    ['in one chunk', ['abcdef'], 'abcdef'],
    ['in several', ['ab', '', 'cdef'], 'abcdef'],
    ['that are none', [], ''],
  ])('reads an object %s', async (_how, chunks, text) => {
    expect(Buffer.from(await readSmall(new ChunkStore(chunks), KEY, 6)).toString()).toBe(text);
  });

  it('refuses one byte more than the limit', async () => {
    await expect(readSmall(new ChunkStore(['abc', 'def']), KEY, 5)).rejects.toEqual(
      failure('permanent', 'The object "a/b\\n" is larger than the 5 bytes it may have.', {
        operation: 'GetObject',
        key: KEY,
        expected: 'at most 5 bytes',
      }),
    );
  });

  it('stops reading an object without end at the limit', async () => {
    const store = new ChunkStore(endless());
    await expect(readSmall(store, KEY, 100)).rejects.toThrow('larger than the 100 bytes');
    expect([store.delivered, store.closed]).toEqual([11, true]);
  });

  it('passes on that there is no such object, and an error in the middle of it', async () => {
    const empty = new MemoryStore({ clock: () => new Date() });
    await expect(readSmall(empty, KEY, 100)).rejects.toEqual(failure('not-found', /NoSuchKey/));
    function* broken() {
      yield 'ab';
      throw new BackupError('connection reset', { class: 'transient' });
    }
    await expect(readSmall(new ChunkStore(broken()), KEY, 100)).rejects.toEqual(
      failure('transient', 'connection reset'),
    );
  });
});
