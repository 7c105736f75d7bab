import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { comparePaths, encodeEntry, MAX_LINE_BYTES, parseEntry } from '../../src/series/entry-line.ts';
import type { Entry } from '../../src/series/model.ts';
import { failure, fileEntry } from './series-fixture.ts';

const nastyNames: readonly { readonly name: string }[] = JSON.parse(
  readFileSync(new URL('../fixtures/nasty-names.json', import.meta.url), 'utf8'),
);

/** A few characters on both sides of the places where UTF-16 and UTF-8 differ, so that long prefixes are shared. */
const tricky = fc.string({ unit: fc.constantFrom('/', 'a', 'é', '\ud7ff', '\ue000', '\uffff', '\u{10000}', '🦊') });
const wellFormed = fc.oneof(tricky, fc.string({ unit: 'binary' }));

const name = fc.oneof(
  fc.string({ unit: 'binary', minLength: 1 }),
  fc.array(fc.nat(0xffff), { minLength: 1 }).map((units) => String.fromCharCode(...units)),
  fc.constantFrom(...nastyNames.map((nasty) => nasty.name)),
);
const mode = fc.nat(0o7777).map((bits) => bits.toString(8).padStart(4, '0'));
const mtime = fc.constantFrom('2026-11-22T08:00:00Z', '1969-12-31T23:59:59.999999999Z');
const sha256 = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => Buffer.from(bytes).toString('hex'));

const file = { type: fc.constant('file' as const), path: name, mode, mtime, size: fc.maxSafeNat(), sha256, key: name };
const stored = fc.record({ encoding: fc.constant('zstd' as const), bytes: fc.maxSafeNat(), sha256 });
const slice = fc.record(
  { offset: fc.maxSafeNat(), bytes: fc.integer({ min: 1 }), skip: fc.maxSafeNat(), member: name },
  { requiredKeys: ['offset', 'bytes', 'skip'] },
);

const anyEntry: fc.Arbitrary<Entry> = fc.oneof(
  fc.record(file),
  fc.record({ ...file, stored }),
  fc.record({ ...file, slice }),
  fc.record({ type: fc.constant('symlink' as const), path: name, mtime, target: fc.string({ unit: 'binary' }) }),
  fc.record({ type: fc.constant('directory' as const), path: name, mtime, mode }),
);

const LINE = {
  path: 'a',
  type: 'file',
  mode: '0644',
  mtime: '2026-11-22T08:00:00Z',
  size: 5,
  sha256: 'ab'.repeat(32),
  key: 'data/x/files/a',
};

describe('an entry as a line', () => {
  it('comes back as it was, whatever its names', () => {
    fc.assert(
      fc.property(anyEntry, (entry) => {
        expect(parseEntry(encodeEntry(entry), 'index')).toEqual(entry);
      }),
    );
  });

  it('is exactly one line', () => {
    fc.assert(
      fc.property(anyEntry, (entry) => {
        expect(encodeEntry(entry).indexOf('\n')).toBe(encodeEntry(entry).length - 1);
      }),
    );
  });

  it.each<[Entry, string]>([
    [
      {
        key: 'k',
        sha256: 'cd'.repeat(32),
        size: 5,
        mtime: '2026-11-22T08:00:00Z',
        mode: '0644',
        type: 'file',
        path: 'a b',
      },
      `{"path":"a b","type":"file","mode":"0644","mtime":"2026-11-22T08:00:00Z","size":5,"sha256":"${'cd'.repeat(32)}","key":"k"}\n`,
    ],
    [
      { target: '../x', mtime: '2026-11-22T08:00:00Z', type: 'symlink', path: 'l' },
      '{"path":"l","type":"symlink","mtime":"2026-11-22T08:00:00Z","target":"../x"}\n',
    ],
    [
      { mode: '0755', mtime: '2026-11-22T08:00:00Z', path: 'd', type: 'directory' },
      '{"path":"d","type":"directory","mode":"0755","mtime":"2026-11-22T08:00:00Z"}\n',
    ],
  ])('has its fields in a fixed order: %j', (entry, line) => {
    expect(encodeEntry(entry)).toBe(line);
  });

  it('fits the limit of a line with the longest path and target there can be', () => {
    const path = '\u0001'.repeat(1024);
    expect(Buffer.byteLength(encodeEntry(fileEntry(path)))).toBeLessThanOrEqual(MAX_LINE_BYTES);
    const target = '\u0001'.repeat(4095);
    const symlink = { path, type: 'symlink', mtime: LINE.mtime, target } as const;
    expect(Buffer.byteLength(encodeEntry(symlink))).toBeLessThanOrEqual(MAX_LINE_BYTES);
  });

  it('may have fields this code does not know', () => {
    expect(parseEntry(JSON.stringify({ ...LINE, pack: 1 }), 'index')).toEqual(LINE);
  });

  it.each([
    ['nothing', ''],
    ['no JSON', '{"path":"a"'],
    ['a byte order mark before it', `\ufeff${JSON.stringify(LINE)}`],
    ['a list', JSON.stringify([LINE])],
    ['null', 'null'],
    ['an unknown type', JSON.stringify({ ...LINE, type: 'socket' })],
    ['an empty path', JSON.stringify({ ...LINE, path: '' })],
    ['a mode that is a number', JSON.stringify({ ...LINE, mode: 420 })],
    ['a mode with a letter', JSON.stringify({ ...LINE, mode: '0o64' })],
    ['a mode of five digits', JSON.stringify({ ...LINE, mode: '10644' })],
    ['a negative size', JSON.stringify({ ...LINE, size: -1 })],
    ['a size no number can hold', JSON.stringify({ ...LINE, size: 2 ** 53 })],
    ['an mtime that is a number', JSON.stringify({ ...LINE, mtime: 1 })],
    ['half a digest', JSON.stringify({ ...LINE, sha256: 'ab' })],
    ['an empty key', JSON.stringify({ ...LINE, key: '' })],
    ['no key', JSON.stringify({ ...LINE, key: undefined })],
    ['a symlink without a target', JSON.stringify({ ...LINE, type: 'symlink' })],
    ['a slice of no bytes', JSON.stringify({ ...LINE, slice: { offset: 0, bytes: 0, skip: 0 } })],
    ['an unknown encoding', JSON.stringify({ ...LINE, stored: { encoding: 'lzma', bytes: 1, sha256: LINE.sha256 } })],
    [
      'both compressed and a slice',
      JSON.stringify({
        ...LINE,
        stored: { encoding: 'zstd', bytes: 1, sha256: LINE.sha256 },
        slice: { offset: 0, bytes: 1, skip: 0 },
      }),
    ],
  ])('is refused as %s', (_what, line) => {
    const refused = failure('permanent', 'The index "i\\n" cannot be used: it has a line that is no entry.', {
      operation: 'read index',
      key: 'i\n',
    });
    expect(() => parseEntry(line, 'i\n')).toThrow(refused);
  });

  it('shows only the start of a line that is refused', () => {
    const refused = failure('permanent', /no entry/, { found: 'x'.repeat(200) });
    expect(() => parseEntry('x'.repeat(10_000), 'index')).toThrow(refused);
  });
});

describe('comparePaths', () => {
  it('orders as the bytes of UTF-8 do', () => {
    fc.assert(
      fc.property(wellFormed, wellFormed, (a, b) => {
        expect(Math.sign(comparePaths(a, b))).toBe(Buffer.compare(Buffer.from(a), Buffer.from(b)));
      }),
      { numRuns: 1000 },
    );
  });

  it('orders a path that starts with another after it', () => {
    fc.assert(
      fc.property(wellFormed, wellFormed, (a, b) => {
        expect(Math.sign(comparePaths(a, a + b))).toBe(b === '' ? 0 : -1);
      }),
    );
  });

  it('puts an emoji behind U+FFFD, which UTF-16 does not', () => {
    expect(['🦊', '\ufffd', 'a'].sort(comparePaths)).toEqual(['a', '\ufffd', '🦊']);
    expect(['🦊', '\ufffd', 'a'].sort()).toEqual(['a', '🦊', '\ufffd']);
  });
});
