import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { blocksOf, PROJECT, pages, readPage, sectionOf } from './markdown.ts';

const ACTION = 'OWNER/REPO';

const README = await readPage('README.md');
const PAGES = await pages();
const inputs: Readonly<Record<string, { readonly required?: boolean }>> = parse(await readPage('action.yml')).inputs;

/** Every mapping in a YAML or JSON value, however deep. */
function mappingsIn(value: unknown): Record<string, unknown>[] {
  if (Array.isArray(value)) return value.flatMap(mappingsIn);
  if (typeof value !== 'object' || value === null) return [];
  return [{ ...value }, ...Object.values(value).flatMap(mappingsIn)];
}

const yamlBlocks = blocksOf(README).filter(({ language }) => language === 'yaml');
const mappings = yamlBlocks.flatMap(({ text }) => mappingsIn(parse(text)));
/** Steps that use this action, and fragments that show only inputs of it. */
const examples = mappings.filter(({ uses, with: given }) =>
  uses === undefined ? given !== undefined : String(uses).startsWith(`${ACTION}@`),
);

describe('fenced blocks', () => {
  const named = [...PAGES].flatMap(([page, text]) =>
    blocksOf(text).map((block, index) => ({ ...block, name: `${page}, block ${index + 1} (${block.language})` })),
  );

  it('are found, in each language', () => {
    expect([...new Set(named.map(({ language }) => language))]).toEqual(expect.arrayContaining(['json', 'sh', 'yaml']));
  });

  it.each(named.filter(({ language }) => language === 'json'))('$name is JSON', ({ text }) => {
    expect(mappingsIn(JSON.parse(text))).not.toEqual([]);
  });

  it.each(named.filter(({ language }) => language === 'yaml'))('$name is YAML', ({ text }) => {
    expect(mappingsIn(parse(text, { strict: true, uniqueKeys: true }))).not.toEqual([]);
  });

  it.each(named)('$name says what language it is in', ({ language }) => expect(language).not.toBe(''));
});

describe('examples', () => {
  it('use the action in its first major version', () => {
    const used = examples.flatMap(({ uses }) => uses ?? []);
    expect(used.length).toBeGreaterThan(3);
    expect(new Set(used)).toEqual(new Set([`${ACTION}@v1`]));
  });

  it('give only inputs that action.yml declares', () => {
    const given = examples.flatMap(({ with: values }) => Object.keys(Object(values)));
    expect(given.filter((name) => !Object.hasOwn(inputs, name))).toEqual([]);
  });

  it('give every step the inputs it must have', () => {
    const required = Object.keys(inputs).filter((name) => inputs[name]?.required === true);
    expect(required).not.toEqual([]);
    for (const { uses, with: values } of examples) {
      if (uses !== undefined) expect(Object.keys(Object(values))).toEqual(expect.arrayContaining(required));
    }
  });

  it('start with one of at most 20 lines that asks for the permission to assume a role', () => {
    const [quickStart] = yamlBlocks;
    expect(quickStart?.text.trim().split('\n').length).toBeLessThanOrEqual(20);
    expect(parse(quickStart?.text ?? '')).toMatchObject({ permissions: { 'id-token': 'write' } });
  });
});

describe('troubleshooting', () => {
  const rows = sectionOf(README, '## Troubleshooting').match(/^\| `.*$/gm) ?? [];
  const sources = globSync('src/**/*.ts', { cwd: PROJECT }).map((path) => readFileSync(join(PROJECT, path), 'utf8'));

  it.each(
    rows.flatMap((row) => Array.from(row.split(' | ')[0]?.matchAll(/`([^`]+)`/g) ?? [], ([, text = '']) => text)),
  )('quotes the code: %s', (text) => expect(sources.some((source) => source.includes(text))).toBe(true));
});

/** The names by which GitHub links to headings, for headings of plain words. */
function anchorsOf(page: string): string[] {
  const headings = Array.from(page.matchAll(/^#+ (.*)$/gm), ([, title = '']) => title);
  return headings.map((title) => title.toLowerCase().replaceAll(' ', '-'));
}

describe('links', () => {
  const links = [...PAGES].flatMap(([page, text]) =>
    Array.from(text.matchAll(/\]\(([^)#][^)]*)\)/g), ([, target = '']) => ({ page, target })),
  );

  it.each(links.filter(({ target }) => !target.includes('://')))('$page: $target is there', ({ target }) => {
    const [path = '', anchor] = target.split('#');
    expect(existsSync(join(PROJECT, path))).toBe(true);
    if (anchor !== undefined) expect(anchorsOf(PAGES.get(path) ?? '')).toContain(anchor);
  });
});
