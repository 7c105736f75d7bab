import { GLOBSTAR, Minimatch, type MinimatchOptions, type ParseReturnFiltered } from 'minimatch';
import { type PathStyle, sameSegment, startsWith } from './paths.ts';

/** One segment of a glob as minimatch compiles it: a literal, an expression or `**`. */
export type GlobPart = ParseReturnFiltered;

/** A segment of a pattern that is written out, with the pattern up to and including it. */
interface NamedSegment {
  readonly name: string;
  readonly parts: GlobPart[];
}

/** A glob, compiled. Both lists have one element per segment. */
export interface CompiledGlob {
  readonly parts: readonly GlobPart[];
  /** The text of the segments that are written out, undefined for those with wildcards. */
  readonly literals: readonly (string | undefined)[];
}

/** What a {@link Pattern} is made of; all segments are absolute. */
export interface PatternSource {
  /** As the user wrote it. */
  readonly text: string;
  readonly negate: boolean;
  /** It ended in a separator: files are matched below it, but not by the pattern itself. */
  readonly directoriesOnly: boolean;
  /** The literal directories before the first wildcard, and all of the pattern where there is none. */
  readonly searchPath: readonly string[];
  readonly glob: CompiledGlob;
}

/** Something in the tree, in the two spellings minimatch tells apart. */
export interface Location {
  readonly segments: string[];
  /** The same with an empty last segment, as in `a/b/`. */
  readonly asDirectory: string[];
}

export type LocationKind = 'file' | 'directory' | 'symlink' | 'special';

export function locationOf(segments: readonly string[]): Location {
  return { segments: [...segments], asDirectory: [...segments, ''] };
}

/** Compiles a glob (with `/`) with the very options of @actions/glob 0.7.0 (internal-pattern.js). */
export function compileGlob(glob: string, style: PathStyle): CompiledGlob {
  if (glob === '') return { parts: [], literals: [] };
  const { set } = new Minimatch(glob, { ...globOptions(style), nocase: false });
  const literals = (set[0] ?? []).map((part) => (typeof part === 'string' ? part : undefined));
  return { parts: new Minimatch(glob, globOptions(style)).set[0] ?? [], literals };
}

function globOptions(style: PathStyle): MinimatchOptions {
  return {
    dot: true,
    nobrace: true,
    nocase: style.ignoreCase,
    nocomment: true,
    noext: true,
    nonegate: true,
    platform: style.separator === '/' ? 'linux' : 'win32',
  };
}

/**
 * One line of the `path` input. It means what @actions/glob means by it with `implicitDescendants`: `S` selects `S` and
 * all below it, that is `S/**` with the trailing slash that lets `**` stand for nothing. So one expression, which
 * always ends in `**`, answers every question below.
 */
export class Pattern {
  readonly text: string;
  readonly negate: boolean;
  readonly searchPath: readonly string[];
  readonly #directoriesOnly: boolean;
  readonly #style: PathStyle;
  readonly #matcher: Minimatch;
  readonly #parts: GlobPart[];
  readonly #named: readonly NamedSegment[];

  constructor(source: PatternSource, style: PathStyle) {
    const { parts, literals } = source.glob;
    this.text = source.text;
    this.negate = source.negate;
    this.searchPath = source.searchPath;
    this.#directoriesOnly = source.directoriesOnly;
    this.#style = style;
    this.#matcher = new Minimatch('**', globOptions(style));
    this.#parts = parts.at(-1) === GLOBSTAR ? [...parts] : [...parts, GLOBSTAR];
    this.#named = literals.flatMap((name, index) =>
      name === undefined ? [] : [{ name, parts: parts.slice(0, index + 1) }],
    );
  }

  /** True if the pattern matches the location, or something above it. */
  matches(location: Location, kind: LocationKind): boolean {
    if (kind === 'symlink' && this.#leadsThrough(location)) return true;
    const strictlyBelow = this.#directoriesOnly && kind !== 'directory';
    return this.#matcher.matchOne(strictlyBelow ? location.segments : location.asDirectory, this.#parts);
  }

  /** True if the pattern matches everything below the directory. */
  covers(directory: Location): boolean {
    return this.#matcher.matchOne(directory.asDirectory, this.#parts);
  }

  /** True unless it is certain that the pattern matches nothing below the directory. */
  mayMatchBelow(directory: Location): boolean {
    return this.#matcher.matchOne(directory.segments, this.#parts, true);
  }

  /** True if the last segment of the location is written out in the pattern, at the place where it is matched. */
  names(location: Location): boolean {
    const last = location.segments.at(-1) ?? '';
    return this.#named.some(
      ({ name, parts }) => sameSegment(name, last, this.#style) && this.#matcher.matchOne(location.segments, parts),
    );
  }

  /** A link in the literal part of a pattern is what the user named; it is kept, and what it points at is not read. */
  #leadsThrough(link: Location): boolean {
    return !this.negate && startsWith(this.searchPath, link.segments, this.#style);
  }
}
