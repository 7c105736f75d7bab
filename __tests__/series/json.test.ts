import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { z } from 'zod';
import { decodeDocument, encodeDocument, FORMAT, formatField } from '../../src/series/json.ts';
import { failure } from './series-fixture.ts';

const schema = z.object({ format: formatField, name: z.string(), inner: z.object({ count: z.int() }) });
const DOCUMENT = { format: FORMAT, name: 'dist', inner: { count: 3 } } as const;

const decode = (bytes: Uint8Array, key = 'a/b.json') => decodeDocument(bytes, schema, 'record', key);
const decodeText = (text: string) => decode(Buffer.from(text));

describe('encodeDocument', () => {
  it('writes JSON that people can read', () => {
    const lines = ['{', '  "format": 1,', '  "name": "dist",', '  "inner": {', '    "count": 3', '  }', '}', ''];
    expect(Buffer.from(encodeDocument(DOCUMENT)).toString()).toBe(lines.join('\n'));
  });

  it('is undone by decodeDocument, whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.maxSafeInteger(), (name, count) => {
        const document = { format: FORMAT, name, inner: { count } };
        expect(decode(encodeDocument(document))).toEqual(document);
      }),
    );
  });
});

describe('decodeDocument', () => {
  it('ignores fields it does not know, at every depth', () => {
    const newer = { ...DOCUMENT, more: [1], inner: { ...DOCUMENT.inner, more: { a: 1 } } };
    expect(decode(encodeDocument(newer))).toEqual(DOCUMENT);
  });

  it('refuses a newer format before it looks at anything else', () => {
    const message =
      'The record "a/b.json" cannot be used: it has format 2 and this version of the tool reads up to 1; use a newer one.';
    const refused = failure('permanent', message, { operation: 'read record', key: 'a/b.json' });
    expect(() => decodeText('{"format":2,"everything":"else","is":"new"}')).toThrow(refused);
  });

  it.each([
    ['nothing', ''],
    ['a document that is cut off', '{"format":1,"name":"di'],
    ['two documents', '{}{}'],
    ['no JSON at all', 'index'],
  ])('refuses %s as no JSON', (_what, text) => {
    expect(() => decodeText(text)).toThrow(
      failure('permanent', /^The record "a\/b\.json" cannot .*: it is not JSON\.$/),
    );
  });

  it.each([
    ['a byte that UTF-8 never has', Buffer.from('{"format":1,"name":"\xff"}', 'latin1')],
    ['a character that is cut in two', Buffer.from('"é"').subarray(0, 2)],
    ['UTF-16', Buffer.from('{}', 'utf16le')],
  ])('refuses %s', (_what, bytes) => {
    expect(() => decode(bytes)).toThrow(failure('permanent', /it is not JSON/));
  });

  it.each([
    ['no format', { name: 'dist', inner: { count: 3 } }, 'format'],
    ['an older format than there ever was', { ...DOCUMENT, format: 0 }, 'format'],
    ['a format that is text', { ...DOCUMENT, format: '1' }, 'format'],
    ['a format between two', { ...DOCUMENT, format: 1.5 }, 'format'],
    ['a field of another type', { ...DOCUMENT, name: 7 }, 'name'],
    ['a field that is missing further in', { ...DOCUMENT, inner: {} }, 'inner.count'],
    ['a list', [DOCUMENT], 'the document'],
    ['null', null, 'the document'],
  ])('refuses %s and names the place', (_what, document, place) => {
    const message = new RegExp(`^The record "a/b\\.json" cannot be used: ${place}: .+\\.$`);
    expect(() => decodeText(JSON.stringify(document))).toThrow(failure('permanent', message));
  });

  it('keeps a hostile key on one line', () => {
    const key = 'claims/\n::error::x.json';
    expect(() => decode(Buffer.from(''), key)).toThrow(failure('permanent', /^[^\n]+$/, { key }));
  });
});
