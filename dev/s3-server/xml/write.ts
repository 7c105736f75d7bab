/** What an element can hold. Undefined is left out, a list repeats the element. */
export type XmlValue = string | number | boolean | Date | undefined | XmlNode | readonly XmlValue[];
export interface XmlNode {
  readonly [name: string]: XmlValue;
}

export const S3_NAMESPACE = 'http://s3.amazonaws.com/doc/2006-03-01/';
export const STS_NAMESPACE = 'https://sts.amazonaws.com/doc/2011-06-15/';

const NAMED: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** Control characters become character references, as S3 writes them; keys may hold any of them. */
function escapeText(text: string): string {
  return text.replace(/[&<>"\p{Cc}]/gu, (c) => NAMED[c] ?? `&#x${(c.codePointAt(0) ?? 0).toString(16)};`);
}

function element(name: string, value: XmlValue): string {
  if (value === undefined) return '';
  if (Array.isArray(value)) return value.map((item: XmlValue) => element(name, item)).join('');
  if (value instanceof Date) return `<${name}>${value.toISOString()}</${name}>`;
  if (typeof value === 'object') return `<${name}>${children(value as XmlNode)}</${name}>`;
  return `<${name}>${escapeText(String(value))}</${name}>`;
}

const children = (node: XmlNode): string =>
  Object.entries(node)
    .map(([name, value]) => element(name, value))
    .join('');

/** A whole document with one root element; no namespace when it is empty (S3's error documents have none). */
export function xmlDocument(root: string, value: XmlNode | string, namespace: string = S3_NAMESPACE): string {
  const attribute = namespace === '' ? '' : ` xmlns="${namespace}"`;
  const content = typeof value === 'string' ? escapeText(value) : children(value);
  return `<?xml version="1.0" encoding="UTF-8"?>\n<${root}${attribute}>${content}</${root}>`;
}
