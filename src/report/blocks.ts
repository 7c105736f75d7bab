import { EMPTY, join, Markdown, md } from './markdown.ts';
import { grouped } from './units.ts';

/** Stands between the blocks of a page. */
export function blocks(...parts: readonly Markdown[]): Markdown {
  return join(
    parts.filter(({ source }) => source !== ''),
    '\n\n',
  );
}

export type Alignment = 'left' | 'right';

const DELIMITERS: Readonly<Record<Alignment, string>> = { left: '---', right: '--:' };

export interface Column {
  readonly title: string;
  readonly align?: Alignment;
}

/** A GFM table; nothing at all without rows. */
export function table(columns: readonly Column[], rows: readonly (readonly Markdown[])[]): Markdown {
  if (rows.length === 0) return EMPTY;
  const titles = columns.map(({ title }) => md`${title}`);
  const delimiters = columns.map(({ align }) => Markdown.trusted(DELIMITERS[align ?? 'left']));
  return join([titles, delimiters, ...rows].map(tableRow), '\n');
}

function tableRow(cells: readonly Markdown[]): Markdown {
  return md`| ${join(cells, ' | ')} |`;
}

/** A list, one line per item. */
export function list(items: readonly Markdown[]): Markdown {
  return join(
    items.map((item) => md`- ${item}`),
    '\n',
  );
}

/** A collapsed part; nothing at all without a body. */
export function details(summary: Markdown, body: Markdown): Markdown {
  if (body.source === '') return EMPTY;
  // The blank lines end the HTML blocks, so that the body is read as Markdown (CommonMark 0.31, 4.6).
  return md`<details>
<summary>${summary}</summary>

${body}

</details>`;
}

/** A fenced block; its fence is longer than any run of backticks in the text, so that the text cannot close it. */
export function codeBlock(content: string, language = ''): Markdown {
  const runs = content.match(/`+/g) ?? [];
  const fence = '`'.repeat(Math.max(3, ...runs.map((run) => run.length + 1)));
  return Markdown.trusted(`${fence}${language}\n${content}\n${fence}`);
}

/**
 * The first few items, and one more that says how many are left out.
 * @param total how many there are, where `items` itself is only a sample
 */
export function firstOf<T>(
  items: readonly T[],
  limit: number,
  render: (item: T) => Markdown,
  total = items.length,
): Markdown[] {
  const shown = items.slice(0, limit).map(render);
  const more = total - shown.length;
  return more > 0 ? [...shown, md`… and ${grouped(more)} more`] : shown;
}
