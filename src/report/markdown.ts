import { shorten, visible, visibleName } from './visible.ts';

/**
 * Markdown source that is safe to put on a page. Only this module makes it of other text, so that a plain string cannot
 * get there unescaped.
 */
export class Markdown {
  readonly source: string;

  private constructor(source: string) {
    this.source = source;
  }

  /** For source that this project wrote itself; never for text from elsewhere. */
  static trusted(source: string): Markdown {
    return new Markdown(source);
  }
}

export const EMPTY = Markdown.trusted('');

/** Longest file name that is shown whole, in characters. */
export const MAX_NAME_CHARACTERS = 120;
/** Longest sentence from elsewhere that is shown whole, in characters. */
export const MAX_TEXT_CHARACTERS = 1000;

/**
 * What CommonMark or GFM could read as markup within a line: as a character reference it is text and never structure
 * (CommonMark 0.31, 2.5). An underscore between letters is none; `www.` and `://` would make links by themselves.
 */
const MARKUP = /[&<>|\\`*[\]{}~#@$]|:(?=[^\s\d])|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])|(?<=www)\./gi;

function characterReference(character: string): string {
  return `&#${character.charCodeAt(0)};`;
}

/** Prose of unknown origin, on one line. `@name` and `#1` are broken by a space of no width, as GitHub links them late. */
export function text(hostile: string): Markdown {
  const line = visible(shorten(hostile, MAX_TEXT_CHARACTERS)).replace(MARKUP, characterReference);
  return Markdown.trusted(line.replace(/&#(?:64|35);/g, '$&&#8203;'));
}

/**
 * A key, an ID, a URL, to be copied: in code type, where GitHub links neither mentions nor issues; a comment, which no one
 * sees or copies, keeps an `@` from becoming the link of a mail address. Not with backticks, as a `|` within those cannot
 * be escaped in a way all renderers of tables agree on.
 */
export function code(hostile: string): Markdown {
  const characters = visibleName(hostile).replace(MARKUP, characterReference).replaceAll('&#64;', '&#64;<!-- -->');
  return Markdown.trusted(`<code>${characters}</code>`);
}

/** A file name: {@link code}, with the middle of a very long one left out. */
export function fileName(hostile: string): Markdown {
  return code(shorten(hostile, MAX_NAME_CHARACTERS));
}

/** Joins literal Markdown with parts; a part that is a plain string is escaped by {@link text}. */
export function md(literals: TemplateStringsArray, ...parts: readonly (Markdown | string)[]): Markdown {
  const sources = parts.map((part) => (typeof part === 'string' ? text(part) : part).source);
  return Markdown.trusted(String.raw({ raw: literals }, ...sources));
}

export function join(parts: readonly Markdown[], separator: string): Markdown {
  return Markdown.trusted(parts.map((part) => part.source).join(separator));
}

/** A link to a well-formed http(s) URL without a user name; for any other text only the label. */
export function link(label: Markdown, url: string): Markdown {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  const followed =
    parsed !== undefined && /^https?:$/.test(parsed.protocol) && parsed.username + parsed.password === '';
  return followed ? Markdown.trusted(`[${label.source}](${linkDestination(parsed)})`) : label;
}

function linkDestination(url: URL): string {
  return url.href.replace(/[^\w./:?#=&%+,;@-]/g, percentEncoded).replaceAll('&', '&amp;');
}

function percentEncoded(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`;
}
