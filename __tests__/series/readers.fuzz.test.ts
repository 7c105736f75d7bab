import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { zstdCompressSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { BackupError } from '../../src/errors.ts';
import { encodeClaim, parseClaim } from '../../src/series/claim.ts';
import { comparePaths, encodeEntry, parseEntry } from '../../src/series/entry-line.ts';
import { fetchIndex } from '../../src/series/index-file.ts';
import type { Entry } from '../../src/series/model.ts';
import { encodePin, parsePin } from '../../src/series/pin.ts';
import { digestProblem, encodeRecord, parseRecord } from '../../src/series/record.ts';
import { asyncOf, fileEntry, ID, KEYS, RECORD, RUN } from './series-fixture.ts';

/** Readers of what lies in a bucket: whatever it is, an error of ours or an object as the types say. */
const CASES = 10_000;
/** Of the readers that no restore and no verification depends on alone. */
const FEWER_CASES = 1000;
/** Indexes read at once: most of their time is the disk's. */
const AT_ONCE = 20;
/** A reader that hangs fails here. */
const TIMEOUT_MS = 180_000;

const key = KEYS.record(ID);
const CLAIM = { id: ID, number: 42, nonce: '0'.repeat(32), run: RUN, leansOn: [] };
const PIN = { id: ID, number: 42, reason: 'release', run: RUN, time: RECORD.time };
const ENTRIES: readonly Entry[] = [
  fileEntry('a/b', { size: 5 }),
  fileEntry('c', { stored: { encoding: 'zstd', bytes: 9, sha256: 'e'.repeat(64) } }),
  fileEntry('d', { slice: { offset: 0, bytes: 10, skip: 512, member: 'x' } }),
  { path: 'e', type: 'directory', mode: '0755', mtime: '2026-11-22T08:00:00Z' },
  { path: 'f', type: 'symlink', target: '../a', mtime: '2026-11-22T08:00:00.123456789Z' },
];
const LINES = ENTRIES.map(encodeEntry);

/** A byte changed, bytes cut out, put in or said twice; several of these one after the other. */
interface Mutation {
  readonly kind: 'set' | 'cut' | 'insert' | 'repeat' | 'truncate';
  /** Where, as a share of the length. */
  readonly at: number;
  readonly length: number;
  readonly bytes: Uint8Array;
}

const mutation: fc.Arbitrary<Mutation> = fc.record({
  kind: fc.constantFrom('set', 'cut', 'insert', 'repeat', 'truncate'),
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  length: fc.nat(40),
  bytes: fc.oneof(
    fc.uint8Array({ minLength: 1, maxLength: 8 }),
    fc
      .constantFrom(
        '"',
        '{',
        '}',
        ',',
        '\n',
        '\\u0000',
        'null',
        '1e999',
        '-1',
        '[]',
        '9007199254740993',
        '"__proto__":',
      )
      .map((text) => Buffer.from(text)),
  ),
});

function mutated(original: Uint8Array, mutations: readonly Mutation[]): Buffer {
  return mutations.reduce<Buffer>((bytes, change) => mutatedOnce(bytes, change), Buffer.from(original));
}

function mutatedOnce(original: Buffer, { kind, at, length, bytes }: Mutation): Buffer {
  const start = Math.floor(at * original.length);
  const [head, tail] = [original.subarray(0, start), original.subarray(start)];
  switch (kind) {
    case 'set':
      return Buffer.concat([head, bytes, tail.subarray(bytes.length)]);
    case 'cut':
      return Buffer.concat([head, tail.subarray(length)]);
    case 'insert':
      return Buffer.concat([head, bytes, tail]);
    case 'repeat':
      return Buffer.concat([head, tail.subarray(0, length), tail]);
    case 'truncate':
      return head;
  }
}

const mutations = fc.array(mutation, { minLength: 1, maxLength: 4 });

/** A value of the document replaced by any other JSON: most of these are valid JSON of a wrong shape. */
function withOtherValue(document: object): fc.Arbitrary<Buffer> {
  const paths = pathsOf(document);
  return fc.tuple(fc.constantFrom(...paths), fc.jsonValue({ maxDepth: 2 })).map(([path, value]) => {
    const copy: unknown = structuredClone(document);
    const parent = path.slice(0, -1).reduce<unknown>((node, name) => Reflect.get(Object(node), name), copy);
    Reflect.set(Object(parent), path.at(-1) ?? '', value);
    return Buffer.from(JSON.stringify(copy));
  });
}

function pathsOf(node: unknown, path: readonly string[] = []): (readonly string[])[] {
  if (typeof node !== 'object' || node === null) return [path];
  const below = Object.entries(node).flatMap(([name, child]) => pathsOf(child, [...path, name]));
  return path.length === 0 ? below : [path, ...below];
}

function hostileDocument(valid: Uint8Array): fc.Arbitrary<Uint8Array> {
  const document: unknown = JSON.parse(Buffer.from(valid).toString());
  return fc.oneof(
    { weight: 1, arbitrary: fc.uint8Array({ maxLength: 200 }) },
    { weight: 1, arbitrary: fc.json().map((text) => Buffer.from(text)) },
    { weight: 4, arbitrary: mutations.map((changes) => mutated(valid, changes)) },
    { weight: 4, arbitrary: withOtherValue(Object(document)) },
  );
}

/** The result, or undefined for an error of ours. Any other error fails the test. */
function readOrRefused<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof BackupError)) throw error;
    expect(error).toMatchObject({ details: { class: 'permanent' } });
    return undefined;
  }
}

describe.each<[string, number, Uint8Array, (bytes: Uint8Array) => object, (document: never) => Uint8Array]>([
  ['record', CASES, encodeRecord(RECORD), (bytes) => parseRecord(bytes, key, ID), encodeRecord],
  ['claim', FEWER_CASES, encodeClaim(CLAIM), (bytes) => parseClaim(bytes, key), encodeClaim],
  ['pin', FEWER_CASES, encodePin(PIN), (bytes) => parsePin(bytes, key), encodePin],
])('the reader of a %s', (_name, cases, valid, parse, encode) => {
  it(
    'ends in an error or in a document that can be written and read again, whatever the bytes',
    () => {
      const seen = { valid: 0, refused: 0 };
      const property = fc.property(hostileDocument(valid), (bytes) => {
        const document = readOrRefused(() => parse(bytes));
        seen[document === undefined ? 'refused' : 'valid'] += 1;
        if (document !== undefined) expect(parse(encode(document as never))).toEqual(document);
        expect([undefined, 'string']).toContain(digestProblem(bytes) && 'string');
      });
      fc.assert(property, { numRuns: cases });
      // Both ends are reached, or the cases are not what they are meant to be.
      expect(Math.min(seen.valid, seen.refused)).toBeGreaterThan(cases / 100);
    },
    TIMEOUT_MS,
  );
});

describe('the reader of an entry', () => {
  it(
    'ends in an error or in an entry that can be written and read again, whatever the line',
    () => {
      const seen = { valid: 0, refused: 0 };
      const line = fc.constantFrom(...LINES).chain((text) => hostileDocument(Buffer.from(text)));
      const property = fc.property(line, (bytes) => {
        const entry = readOrRefused(() => parseEntry(Buffer.from(bytes).toString(), key));
        seen[entry === undefined ? 'refused' : 'valid'] += 1;
        if (entry !== undefined) expect(parseEntry(encodeEntry(entry), key)).toEqual(entry);
      });
      fc.assert(property, { numRuns: CASES });
      expect(Math.min(seen.valid, seen.refused)).toBeGreaterThan(CASES / 100);
    },
    TIMEOUT_MS,
  );
});

describe('the reader of an index', () => {
  let directory: string;
  let files = 0;
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'index-fuzz-'));
  });
  afterAll(() => rm(directory, { recursive: true }));

  /** As if the record spoke of exactly these bytes: all that is left to trust is the reader. */
  async function read(stored: Uint8Array): Promise<Entry[] | undefined> {
    const sha256 = createHash('sha256').update(stored).digest('hex');
    const reference = { key: KEYS.relative(KEYS.index(ID)), bytes: stored.length, sha256, entries: ENTRIES.length };
    const store = { get: async () => ({ size: stored.length, body: asyncOf([stored]) }) };
    const index = await fetchIndex(store, KEYS, reference, join(directory, String(files++)));
    try {
      return await Array.fromAsync(index.entries());
    } catch (error) {
      if (!(error instanceof BackupError)) throw error;
      expect(error).toMatchObject({ details: { class: 'permanent', code: 'DAMAGED' } });
      return undefined;
    } finally {
      await index.close();
    }
  }

  const plain = Buffer.from(LINES.join(''));
  const compressed = zstdCompressSync(plain);
  /** Garbage, a frame that is damaged or cut off, and a whole frame around lines that are. */
  const hostileIndex: fc.Arbitrary<Uint8Array> = fc.oneof(
    { weight: 1, arbitrary: fc.uint8Array({ maxLength: 300 }) },
    { weight: 4, arbitrary: mutations.map((changes) => mutated(compressed, changes)) },
    { weight: 1, arbitrary: fc.nat(compressed.length).map((length) => compressed.subarray(0, length)) },
    { weight: 4, arbitrary: mutations.map((changes) => zstdCompressSync(mutated(plain, changes))) },
  );

  it('knows the intact one', async () => {
    expect(await read(compressed)).toEqual(ENTRIES);
  });

  it(
    'ends in an error or in as many entries as recorded, in order, whatever the bytes',
    async () => {
      const seen = { valid: 0, refused: 0 };
      const batch = fc.array(hostileIndex, { minLength: AT_ONCE, maxLength: AT_ONCE });
      const check = async (bytes: Uint8Array) => {
        const entries = await read(bytes);
        seen[entries === undefined ? 'refused' : 'valid'] += 1;
        if (entries === undefined) return;
        expect(entries).toHaveLength(ENTRIES.length);
        const paths = entries.map(({ path }) => path);
        expect(paths).toEqual(paths.toSorted(comparePaths));
        expect(new Set(paths).size).toBe(paths.length);
      };
      const property = fc.asyncProperty(batch, (indexes) => Promise.all(indexes.map(check)).then(() => undefined));
      await fc.assert(property, { numRuns: CASES / AT_ONCE });
      expect(Math.min(seen.valid, seen.refused)).toBeGreaterThan(CASES / 1000);
    },
    TIMEOUT_MS,
  );
});
