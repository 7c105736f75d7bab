import { describe, expect, it } from '@jest/globals';
import { xmlDocument } from '../../../../dev/s3-server/xml/write.ts';

const HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n';

describe('xmlDocument', () => {
  it('leaves out undefined, repeats lists and writes dates in ISO 8601', () => {
    const when = new Date('2026-01-02T03:04:05.678Z');
    expect(xmlDocument('R', { A: undefined, B: [1, 2], C: { D: when, E: true } }, '')).toBe(
      `${HEAD}<R><B>1</B><B>2</B><C><D>2026-01-02T03:04:05.678Z</D><E>true</E></C></R>`,
    );
  });

  it('names the namespace on the root only', () => {
    expect(xmlDocument('R', { A: 'x' }, 'urn:n')).toBe(`${HEAD}<R xmlns="urn:n"><A>x</A></R>`);
  });

  it('takes a text for the root itself', () => {
    expect(xmlDocument('LocationConstraint', 'eu-west-1', '')).toBe(
      `${HEAD}<LocationConstraint>eu-west-1</LocationConstraint>`,
    );
  });

  it('escapes markup and control characters', () => {
    expect(xmlDocument('R', { K: `<a & "b">\r\u0001` }, '')).toContain(
      '<K>&lt;a &amp; &quot;b&quot;&gt;&#xd;&#x1;</K>',
    );
  });
});
