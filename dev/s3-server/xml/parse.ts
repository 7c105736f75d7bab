import { malformedXml } from '../errors.ts';

/** An element without attributes, comments and namespaces: S3's request bodies need none of them. */
export interface XmlElement {
  readonly name: string;
  readonly text: string;
  readonly children: readonly XmlElement[];
}

interface OpenElement {
  name: string;
  text: string;
  children: XmlElement[];
}

const TOKEN = /<\?[^>]*\?>|<!--[\s\S]*?-->|<(\/?)([\w:.-]+)[^>]*?(\/?)>|([^<]+)/gu;
const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function unescapeText(text: string): string {
  return text.replace(
    /&(?:#x([0-9a-f]+)|#(\d+)|(amp|lt|gt|quot|apos));/giu,
    (_, hex: string | undefined, decimal: string | undefined, name: string | undefined) =>
      name === undefined
        ? String.fromCodePoint(hex === undefined ? Number(decimal) : Number.parseInt(hex, 16))
        : (ENTITIES[name.toLowerCase()] ?? ''),
  );
}

const localName = (name: string): string => name.slice(name.indexOf(':') + 1);

function close(stack: OpenElement[], name: string): void {
  const closed = stack.pop();
  if (closed?.name !== name || stack.length === 0) throw malformedXml();
}

function open(stack: OpenElement[], name: string, empty: boolean): void {
  const node: OpenElement = { name, text: '', children: [] };
  stack.at(-1)?.children.push(node);
  if (!empty) stack.push(node);
}

/**
 * The root element of a request body.
 * @throws {S3Error} MalformedXML when the text is not one well-formed element.
 */
export function parseXml(text: string): XmlElement {
  const root: OpenElement = { name: '', text: '', children: [] };
  const stack: OpenElement[] = [root];
  let end = 0;
  for (const match of text.matchAll(TOKEN)) {
    if (match.index !== end) throw malformedXml();
    end += match[0].length;
    const [, slash, name, selfClosing, content] = match;
    const top = stack.at(-1);
    if (content !== undefined && top !== undefined) top.text += unescapeText(content);
    else if (name !== undefined && slash === '/') close(stack, localName(name));
    else if (name !== undefined) open(stack, localName(name), selfClosing === '/');
  }
  const [only, ...rest] = root.children;
  if (end !== text.length || stack.length !== 1 || only === undefined || rest.length > 0) throw malformedXml();
  return only;
}

export const childrenNamed = (parent: XmlElement | undefined, name: string): XmlElement[] =>
  parent?.children.filter((child) => child.name === name) ?? [];

/** The first element at a path of names below `parent`. */
export const childAt = (parent: XmlElement | undefined, ...path: readonly string[]): XmlElement | undefined =>
  path.reduce<XmlElement | undefined>((node, name) => childrenNamed(node, name)[0], parent);

export const textAt = (parent: XmlElement | undefined, ...path: readonly string[]): string | undefined =>
  childAt(parent, ...path)?.text;
