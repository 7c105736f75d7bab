import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

export const PROJECT = join(import.meta.dirname, '..', '..');

/** A fenced block of code in a page. */
export interface Block {
  /** What stands behind the fence: `yaml`, `json`, `sh`, … */
  readonly language: string;
  /** Without the indentation of the fence. */
  readonly text: string;
}

/** The Markdown files of the project's root, by name. */
export async function pages(): Promise<ReadonlyMap<string, string>> {
  const names = (await readdir(PROJECT)).filter((name) => name.endsWith('.md')).sort();
  return new Map(await Promise.all(names.map(async (name) => [name, await readPage(name)] as const)));
}

export function readPage(name: string): Promise<string> {
  return readFile(join(PROJECT, name), 'utf8');
}

export function blocksOf(page: string): Block[] {
  const fenced = page.matchAll(/^( *)```(\w*)\n(.*?)^\1```$/gms);
  return Array.from(fenced, ([, indentation = '', language = '', text = '']) => ({
    language,
    text: text.replaceAll(new RegExp(`^${indentation}`, 'gm'), ''),
  }));
}

/**
 * What stands below a heading, up to the next one of the same or a higher level.
 * @param heading with its number signs: `## Limits`
 */
export function sectionOf(page: string, heading: string): string {
  const start = page.indexOf(`\n${heading}\n`);
  if (start < 0) throw new Error(`There is no section ${heading}.`);
  const rest = page.slice(start + heading.length + 2);
  const level = heading.indexOf(' ');
  const end = rest.search(new RegExp(`^#{1,${level}} `, 'm'));
  return end < 0 ? rest : rest.slice(0, end);
}
