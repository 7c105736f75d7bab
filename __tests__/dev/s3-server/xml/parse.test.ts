import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { childAt, childrenNamed, parseXml, textAt } from '../../../../dev/s3-server/xml/parse.ts';
import { xmlDocument } from '../../../../dev/s3-server/xml/write.ts';

/** Any character but half a surrogate pair. */
const codePoint = fc
  .oneof(fc.integer({ min: 0, max: 0xd7ff }), fc.integer({ min: 0xe000, max: 0x10ffff }))
  .map((code) => String.fromCodePoint(code));

describe('parseXml', () => {
  it('drops declarations, comments, attributes and namespaces', () => {
    const root = parseXml(
      '<?xml version="1.0"?><s3:Delete xmlns:s3="urn:x"><!-- note --><s3:Quiet a="1">true</s3:Quiet></s3:Delete>',
    );
    expect(root.name).toBe('Delete');
    expect(textAt(root, 'Quiet')).toBe('true');
  });

  it('finds children by path and keeps their order', () => {
    const root = parseXml('<A><B><C>1</C></B><B/><B><C>2</C></B></A>');
    expect(childrenNamed(root, 'B')).toHaveLength(3);
    expect(childAt(root, 'B', 'C')?.text).toBe('1');
    expect(textAt(root, 'X', 'Y')).toBeUndefined();
  });

  it.each(['', 'text', '<a>', '<a></b>', '</a>', '<a/><b/>', '<a/>trailing<', '<a><b></a></b>'])(
    'refuses %j as MalformedXML',
    (text) => {
      expect(() => parseXml(text)).toThrow(expect.objectContaining({ code: 'MalformedXML', status: 400 }));
    },
  );

  it('reads back every text that the writer wrote', () => {
    fc.assert(
      fc.property(fc.string({ unit: codePoint }), (text) => {
        expect(textAt(parseXml(xmlDocument('R', { K: text }, '')), 'K')).toBe(text);
      }),
    );
  });
});
