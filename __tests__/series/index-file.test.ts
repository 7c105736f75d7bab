import { createHash } from 'node:crypto';
import { access, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { comparePaths, encodeEntry, MAX_LINE_BYTES } from '../../src/series/entry-line.ts';
import { fetchIndex, type LocalIndex, writeIndex } from '../../src/series/index-file.ts';
import type { Entry } from '../../src/series/model.ts';
import type { IndexReference } from '../../src/series/record.ts';
import { compress } from '../../src/series/zstd.ts';
import { MemoryStore } from '../../src/store/memory.ts';
import type { ObjectKey } from '../../src/store/object-key.ts';
import { asyncOf, bytesOf, failure, fileEntry, ID, KEYS, keysIn, stored, TIME } from './series-fixture.ts';

const key = KEYS.index(ID);
const A = encodeEntry(fileEntry('a'));
const B = encodeEntry(fileEntry('b'));

let directory: string;
let store: MemoryStore;
let file: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'index-file-'));
  file = join(directory, 'index');
  store = new MemoryStore({ clock: () => TIME });
});

afterEach(() => rm(directory, { recursive: true, maxRetries: 5 }));

const write = (lines: Iterable<string>) => writeIndex(store, KEYS, ID, asyncOf(lines), {});

/** What a record would say of an object with these bytes, which is put into the store. */
async function place(bytes: Uint8Array, entries: number): Promise<IndexReference> {
  await store.put(key, bytes);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return { key: KEYS.relative(key), bytes: bytes.length, sha256, entries };
}

async function placeLines(lines: readonly string[], entries = lines.length): Promise<IndexReference> {
  return place(await bytesOf(compress(asyncOf(lines))), entries);
}

async function read(reference: IndexReference): Promise<Entry[]> {
  const index = await fetchIndex(store, KEYS, reference, file);
  try {
    return await Array.fromAsync(index.entries());
  } finally {
    await index.close();
  }
}

const exists = (path: string) =>
  access(path).then(
    () => true,
    () => false,
  );

const NOT_IT = `The index "${key}" is not the one its record speaks of.`;

describe('an index', () => {
  it('comes back as it was written', async () => {
    const paths = fc.uniqueArray(fc.string({ unit: 'binary', minLength: 1 }), { maxLength: 50 });
    await fc.assert(
      fc.asyncProperty(paths, async (names) => {
        const entries = names.sort(comparePaths).map((name) => fileEntry(name));
        expect(await read(await write(entries.map(encodeEntry)))).toEqual(entries);
      }),
      { numRuns: 30 },
    );
  });

  it('is described by what is really in the store', async () => {
    const reference = await write([A, B]);
    expect(await keysIn(store)).toEqual([`backups/dist/data/${ID}/index.ndjson.zst`]);
    expect(reference).toEqual(await place(await stored(store, key), 2));
  });

  it('carries the attributes of its version', async () => {
    await writeIndex(store, KEYS, ID, asyncOf([A]), { tags: { version: ID }, contentType: 'text/plain' });
    expect(store.attributes(key)).toEqual({ tags: { version: ID }, contentType: 'application/zstd' });
  });

  it('is fetched once more when it was damaged on the way', async () => {
    const reference = await write([A, B]);
    let reads = 0;
    const damagedOnce = {
      get: async (wanted: ObjectKey) => {
        const reply = await store.get(wanted);
        return ++reads > 1 ? reply : { ...reply, body: Readable.from([Buffer.alloc(reference.bytes)]) };
      },
    };
    const index = await fetchIndex(damagedOnce, KEYS, reference, file);
    expect(await Array.fromAsync(index.entries())).toHaveLength(2);
    await index.close();
    expect(reads).toBe(2);
  });

  it('may be empty', async () => {
    const reference = await write([]);
    expect(reference.entries).toBe(0);
    expect(await read(reference)).toEqual([]);
  });

  it('is not there after lines that fail', async () => {
    async function* failing() {
      yield A;
      throw new Error('disk full');
    }
    await expect(writeIndex(store, KEYS, ID, failing(), {})).rejects.toThrow('disk full');
    expect(await keysIn(store)).toEqual([]);
  });
});

describe('a fetched index', () => {
  let index: LocalIndex;

  beforeEach(async () => {
    index = await fetchIndex(store, KEYS, await write([A, B]), file);
  });

  it('can be read more than once, and not to the end', async () => {
    for await (const entry of index.entries()) {
      expect(entry.path).toBe('a');
      break;
    }
    expect(await Array.fromAsync(index.entries(), ({ path }) => path)).toEqual(['a', 'b']);
  });

  it('is a file for this user alone until it is closed', async () => {
    if (process.platform !== 'win32') expect((await stat(file)).mode & 0o777).toBe(0o600);
    await index.close();
    expect(await exists(file)).toBe(false);
    await expect(index.close()).resolves.toBeUndefined();
  });

  it('replaces no other file', async () => {
    const other = join(directory, 'other');
    await writeFile(other, 'precious');
    await expect(fetchIndex(store, KEYS, await write([A]), other)).rejects.toEqual(
      failure('local', /EEXIST/, { operation: 'write temporary file', key: other }),
    );
    expect((await stat(other)).size).toBe('precious'.length);
  });

  it.each<[string, (reference: IndexReference) => IndexReference]>([
    ['has another digest', (reference) => ({ ...reference, sha256: '0'.repeat(64) })],
    ['is longer than its record says', (reference) => ({ ...reference, bytes: reference.bytes - 1 })],
  ])('leaves no file behind when it %s', async (_what, lie) => {
    await index.close();
    await expect(fetchIndex(store, KEYS, lie(await write([A])), file)).rejects.toEqual(failure('permanent', NOT_IT));
    expect(await exists(file)).toBe(false);
  });
});

describe('an index that is not the one its record speaks of', () => {
  /** Not decodable: an error of the decoder would show that it was reached. */
  const garbage = Buffer.from('this is no zstd at all');

  it('is refused for any byte that differs', async () => {
    const reference = await placeLines([A, B]);
    const original = await stored(store, key);
    await fc.assert(
      fc.asyncProperty(fc.nat(original.length - 1), fc.integer({ min: 1, max: 255 }), async (position, mask) => {
        const damaged = Buffer.from(original);
        damaged[position] = damaged.readUInt8(position) ^ mask;
        await store.put(key, damaged);
        await rm(file, { force: true });
        await expect(read(reference)).rejects.toEqual(failure('permanent', NOT_IT, { expected: reference.sha256 }));
      }),
      { numRuns: 30 },
    );
  });

  it('is refused where it is cut off', async () => {
    const reference = await placeLines([A, B]);
    await store.put(key, (await stored(store, key)).subarray(0, -1));
    await expect(read(reference)).rejects.toEqual(failure('permanent', NOT_IT, { expected: reference.sha256 }));
  });

  it('is refused for its digest before anything is decoded', async () => {
    const reference = await place(garbage, 2);
    await expect(read({ ...reference, sha256: '0'.repeat(64) })).rejects.toEqual(
      failure('permanent', NOT_IT, { expected: '0'.repeat(64), found: reference.sha256, key }),
    );
  });

  it('is not fetched beyond the length it should have', async () => {
    const reference = await place(garbage, 2);
    await expect(read({ ...reference, bytes: garbage.length - 1 })).rejects.toEqual(
      failure('permanent', NOT_IT, {
        expected: `${garbage.length - 1} bytes`,
        found: `${garbage.length} bytes or more`,
        code: 'DAMAGED',
      }),
    );
  });

  it.each([
    ['fewer', [A], 3, '1'],
    ['more', [A, B], 1, 'more than that'],
  ])('is refused with %s entries than recorded', async (_what, lines, recorded, found) => {
    const details = { expected: `${recorded} entries`, found, code: 'DAMAGED' };
    await expect(read(await placeLines(lines, recorded))).rejects.toEqual(failure('permanent', NOT_IT, details));
  });

  it('delivers no entry beyond those recorded', async () => {
    const index = await fetchIndex(store, KEYS, await placeLines([A, B], 1), file);
    const entries = index.entries()[Symbol.asyncIterator]();
    expect((await entries.next()).value).toMatchObject({ path: 'a' });
    await expect(entries.next()).rejects.toEqual(failure('permanent', NOT_IT));
  });

  it.each([
    ['out of order', [B, A], 'a path after "b"', '"a"'],
    ['twice the same', [A, A], 'a path after "a"', '"a"'],
    [
      'in the order of UTF-16',
      ['🦊', '\uffff'].map((path) => encodeEntry(fileEntry(path))),
      'a path after "🦊"',
      '"\uffff"',
    ],
  ])('is refused with paths %s', async (_what, lines, expected, found) => {
    await expect(read(await placeLines(lines))).rejects.toEqual(
      failure('permanent', NOT_IT, { expected, found, code: 'DAMAGED' }),
    );
  });

  it.each([
    ['a line that is no entry', [A, '{}\n'], /has a line that is no entry/],
    ['an empty line', [A, '\n'], /has a line that is no entry/],
    ['a last line that is cut off', [A, B.slice(0, -1)], /its last line is cut off/],
    ['a huge line', [A, `{"path":"${'x'.repeat(MAX_LINE_BYTES)}"}\n`], /a line has more than 65536 bytes/],
    ['a line without end', Array.from({ length: 64 }, () => 'x'.repeat(65_536)), /a line has more than 65536 bytes/],
  ])('is refused with %s', async (_what, lines, message) => {
    await expect(read(await placeLines(lines, 2))).rejects.toEqual(failure('permanent', message, { code: 'DAMAGED' }));
  });

  it('is refused when it is no zstd, whatever its digest', async () => {
    const message = /cannot be decoded: /;
    await expect(read(await place(garbage, 2))).rejects.toEqual(failure('permanent', message, { code: 'DAMAGED' }));
  });

  it('is not there', async () => {
    const reference = await placeLines([A]);
    await store.delete([{ key }]);
    await expect(read(reference)).rejects.toEqual(failure('not-found', /NoSuchKey/));
  });

  it.each(['../other/index', 'data//index', ''])('is not looked for under the key %j', async (outside) => {
    const reference = { ...(await placeLines([A])), key: outside };
    await expect(read(reference)).rejects.toEqual(failure('permanent', /cannot be used/));
  });
});
