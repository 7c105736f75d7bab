import { readdir } from 'node:fs/promises';
import { relative } from 'node:path';
import { create } from '@actions/glob';
import { afterAll, beforeAll, expect, jest } from '@jest/globals';
import fc from 'fast-check';
import { codeOf } from '../../src/errors.ts';
import { select } from '../../src/selection/select.ts';
import { collect, itOnLinux, plant, temporaryDirectory } from './tree.ts';

/** No credentials among them, as @actions/glob knows none; `l` and `m` are links, and no pattern names them. */
const name = fc.constantFrom('a', 'b', 'ab', '.h', '[x]', 'c.js', '*', 'A', '{a,b}', 'a!', 'x', '#a', ' a');
const directories = fc.array(name, { maxLength: 3 });
const treePath = fc.oneof(
  fc.tuple(directories, name).map(([above, last]) => [...above, last].join('/')),
  directories.filter((above) => above.length > 0).map((above) => `${above.join('/')}/`),
  fc
    .tuple(directories, fc.constantFrom('l', 'm'), fc.constantFrom('a', '../a', '.', '..', 'nowhere'))
    .map(([above, link, target]) => `${[...above, link].join('/')} -> ${target}`),
);

/** Each path that does not collide with one before it. */
const tree = fc
  .array(treePath, { minLength: 1, maxLength: 10 })
  .map((paths) => paths.filter((path, index) => !paths.slice(0, index).some((other) => collide(path, other))));

/** A file or link cannot be a directory too. */
function collide(a: string, b: string): boolean {
  const isAbove = (above: string, below: string) =>
    !above.endsWith('/') && `${placeOf(below)}/`.startsWith(`${placeOf(above)}/`);
  return isAbove(a, b) || isAbove(b, a);
}

function placeOf(path: string): string {
  return (path.split(' -> ')[0] ?? '').replace(/\/$/, '');
}

// Without `[]a]`, which has a test of its own below.
const glob = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom('*', '**', 'a', 'b') },
  {
    weight: 2,
    arbitrary: fc.constantFrom(
      ...['ab', 'x', 'c.js', '.h', 'A', '#a', '{a,b}', 'a!'],
      ...['?', '??', 'a*', '*b', '*.js', '.*', '*!', '***'],
      ...['[ab]', '[!a]', '[^a]', '[a-x]', '[a]', '[[]x]', '[x]', '[a', '\\*', '\\a', 'a\\', '+(a)', '@(a|b)'],
    ),
  },
);
const pattern = fc
  .record({
    negate: fc.constantFrom('', '', '', '!', '!!', '! '),
    start: fc.constantFrom('', '', './'),
    segments: fc.array(glob, { minLength: 1, maxLength: 3 }),
    end: fc.constantFrom('', '', '', '/', '//', ' '),
  })
  .map(({ negate, start, segments, end }) => ({ negate, start, glob: segments.join('/') + end }))
  .filter(({ start, glob }) => start !== '' || !glob.startsWith('#'));
const patterns = fc.array(pattern, { minLength: 1, maxLength: 5 });
type PatternParts = { negate: string; start: string; glob: string };

/**
 * What @actions/glob finds, without the directories that are stood for by what is below them; undefined where it gives
 * up because a file stands where a pattern names a directory.
 */
async function findByActionsGlob(root: string, lines: readonly PatternParts[]): Promise<string[] | undefined> {
  const text = lines.map((line) => `${line.negate}${root}/${line.glob}`).join('\n');
  const globber = await create(text, { followSymbolicLinks: false });
  const found = await globber.glob().catch((error: unknown) => {
    if (codeOf(error) === 'ENOTDIR') return undefined;
    throw error;
  });
  if (found === undefined) return undefined;
  const isEntry = await Promise.all(found.map(isFileLinkOrEmpty));
  return found
    .filter((path, index) => path !== root && isEntry[index])
    .map((path) => relative(root, path))
    .sort(inByteOrder);
}

async function isFileLinkOrEmpty(path: string): Promise<boolean> {
  if (/\/[lm]$/.test(path)) return true;
  const names = await readdir(path).catch(() => []);
  return names.length === 0;
}

async function findBySelect(root: string, lines: readonly PatternParts[], temporary: string): Promise<string[]> {
  const selection = await select({
    patterns: lines.map((line) => line.negate + line.start + line.glob),
    workspace: root,
    root,
    includeHiddenFiles: true,
    temporaryDirectory: temporary,
    pathProblem: () => undefined,
  });
  const entries = await collect(selection.entries());
  await selection.close();
  return entries.map(({ path }) => path);
}

const inByteOrder = (a: string, b: string) => Buffer.compare(Buffer.from(a), Buffer.from(b));

/** @actions/glob prints debug commands for the runner, whether debugging is on or not. */
beforeAll(() => {
  jest.spyOn(process.stdout, 'write').mockReturnValue(true);
});
afterAll(() => {
  jest.restoreAllMocks();
});

itOnLinux(
  'select finds what @actions/glob finds, in the order of the bytes',
  async () => {
    const temporary = await temporaryDirectory();
    await fc.assert(
      fc.asyncProperty(tree, fc.array(patterns, { minLength: 4, maxLength: 4 }), async (paths, lists) => {
        const root = await plant(...paths);
        for (const lines of lists) {
          const expected = await findByActionsGlob(root, lines);
          const found = await findBySelect(root, lines, temporary);
          if (expected !== undefined) expect(found).toEqual([...new Set(expected)]);
        }
      }),
      { numRuns: 150 },
    );
  },
  60_000,
);

/**
 * A set that begins with its own bracket: the toolkit looks below a directory of that very name, though minimatch, by
 * which it matches, takes it for a set of two characters. So do we, wherever another pattern leads to the directory.
 */
itOnLinux('knows a set that begins with `]`, which the toolkit takes for a name', async () => {
  const root = await plant('a/l -> a');
  const lines = ['a/ab/*', '[]a]/*'].map((glob) => ({ negate: '', start: '', glob }));
  expect(await findByActionsGlob(root, lines)).toEqual([]);
  expect(await findBySelect(root, lines, await temporaryDirectory())).toEqual(['a/l']);
});
