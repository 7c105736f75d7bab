import { create } from '@actions/glob';
import { InputError } from '../errors.ts';
import { HERE, type PathStyle, type Rooted, segmentsOf, splitRoot, startsWith, withSlashes } from './paths.ts';
import { compileGlob, Pattern, type PatternSource } from './pattern.ts';

/** What relative patterns are relative to. */
export interface PatternBase {
  /** Absolute, without symbolic links. */
  readonly root: string;
  /** As the user wrote it (absolute); absolute patterns may start with either spelling. */
  readonly rootAsGiven: string;
  /** The directory that `~` stands for; asked for only when a pattern has it. */
  readonly home: () => string;
  readonly style: PathStyle;
}

interface Line {
  readonly text: string;
  readonly negate: boolean;
  /** With slashes, without those at its end. */
  readonly glob: string;
  readonly directoriesOnly: boolean;
}

/**
 * Parses the lines of the `path` input with the grammar of @actions/glob, but with relative patterns starting at the
 * root instead of the current directory. Blank lines and comments (`#`) yield nothing.
 *
 * @throws InputError for a line @actions/glob refuses, and for a selecting pattern that starts outside of the root
 */
export async function parsePatterns(lines: readonly string[], base: PatternBase): Promise<readonly Pattern[]> {
  const patterns: Pattern[] = [];
  for (const text of lines.join('\n').split('\n')) {
    const line = parseLine(text, base.style);
    if (line !== undefined) patterns.push(await parsePattern(line, base));
  }
  return patterns;
}

/** Undefined for a blank line and for a comment. */
function parseLine(line: string, style: PathStyle): Line | undefined {
  const text = line.trim();
  if (text === '' || text.startsWith('#')) return undefined;
  let glob = text;
  let negate = false;
  while (glob.startsWith('!')) {
    negate = !negate;
    glob = glob.slice(1).trim();
  }
  if (glob === '') throw unusable(text, 'it is empty', 'write a pattern behind the "!" or remove the line');
  const slashed = withSlashes(glob, style);
  const directoriesOnly = slashed.endsWith('/');
  return { text, negate, directoriesOnly, glob: directoriesOnly && slashed !== '/' ? slashed.slice(0, -1) : slashed };
}

async function parsePattern(line: Line, base: PatternBase): Promise<Pattern> {
  const { anchor, rest } = anchorOf(line, base);
  const { parts, literals } = compileGlob(rest, base.style);
  const source: PatternSource = {
    text: line.text,
    negate: line.negate,
    directoriesOnly: line.directoriesOnly,
    searchPath: [...anchor, ...(await literalPrefix(line, rest, base))],
    glob: { parts: [...anchor, ...parts], literals: [...anchor, ...literals] },
  };
  const below = rebase(source, base);
  if (below !== undefined) return new Pattern(below, base.style);
  if (line.negate) return new Pattern(source, base.style);
  throw new InputError(
    'path',
    `The pattern ${JSON.stringify(line.text)} in 'path' starts outside of the root ${JSON.stringify(base.rootAsGiven)}, ` +
      `but what is stored is stored relative to the root: set 'root' to a directory that contains everything 'path' names.`,
  );
}

/** Where the pattern starts: at the root, at home, or at the root of the file system. */
function anchorOf({ text, glob }: Line, base: PatternBase): Rooted {
  const { style } = base;
  const below = (directory: string, rest: string) => ({ anchor: segmentsOf(directory, style), rest });
  if (glob === '.' || glob.startsWith('./')) return below(base.root, glob.slice(2));
  if (glob === '~' || glob.startsWith('~/')) return below(base.home(), glob.slice(2));
  const rooted = splitRoot(glob, style);
  if (rooted !== undefined) return rooted;
  if (style.separator === '/') return below(base.root, glob);
  if (/^[A-Za-z]:/.test(glob)) {
    throw unusable(text, `it depends on the drive's current directory`, `write "C:\\directory" in full`);
  }
  const drive = splitRoot(withSlashes(base.root, style), style)?.anchor ?? [];
  return glob.startsWith('/') ? { anchor: drive, rest: glob.slice(1) } : below(base.root, glob);
}

/**
 * Stands for wherever a pattern starts. @actions/glob would put the current directory there; and the text of a real
 * directory, a newline in its name say, could be taken for pattern.
 */
const STAND_IN = process.platform === 'win32' ? 'C:/root' : '/root';

/** Lets @actions/glob judge the pattern and say which segments before the first wildcard are literal. */
async function literalPrefix({ text }: Line, rest: string, { rootAsGiven }: PatternBase): Promise<string[]> {
  try {
    // The slash at the end keeps it from trimming spaces that belong to the last segment.
    const globber = await create(`${STAND_IN}/${rest}/`);
    const [searchPath = STAND_IN] = globber.getSearchPaths();
    return searchPath.slice(STAND_IN.length).split(HERE.separator).filter(Boolean);
  } catch (error) {
    // Of its rules only this one is left: the pattern is neither empty nor are there wildcards in a root.
    const remedy = `patterns start at the root ${JSON.stringify(rootAsGiven)}; set 'root' to a directory that contains everything`;
    throw unusable(text, "it has a '.' or '..' segment", remedy, error);
  }
}

/** The pattern with its literal start spelled as the root is; undefined if it does not start with the root. */
function rebase(source: PatternSource, { root, rootAsGiven, style }: PatternBase): PatternSource | undefined {
  const real = segmentsOf(root, style);
  const spellings = [real, segmentsOf(rootAsGiven, style)];
  const found = spellings.find((spelling) => startsWith(source.searchPath, spelling, style));
  if (found === undefined) return undefined;
  const { parts, literals } = source.glob;
  const start = found.length;
  return {
    ...source,
    searchPath: [...real, ...source.searchPath.slice(start)],
    glob: { parts: [...real, ...parts.slice(start)], literals: [...real, ...literals.slice(start)] },
  };
}

function unusable(text: string, reason: string, remedy: string, cause?: unknown): InputError {
  const message = `The pattern ${JSON.stringify(text)} in 'path' cannot be used: ${reason}; ${remedy}.`;
  return new InputError('path', message, { cause });
}
