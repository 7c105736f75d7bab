import { childPath, type PathStyle, segmentsOf, startsWith } from './paths.ts';
import { type Location, type LocationKind, locationOf, type Pattern } from './pattern.ts';
import { type Restriction, restrictionOf } from './restrictions.ts';

export interface SelectorOptions {
  /** Absolute, without symbolic links. */
  readonly root: string;
  readonly includeHiddenFiles: boolean;
  readonly style: PathStyle;
}

/** Something in the tree, and what its ancestors decided for it. */
export interface Place {
  readonly location: Location;
  /** POSIX, relative to the root; empty for the root itself. */
  readonly path: string;
  readonly absolutePath: string;
  /** At or below the search path of some pattern; nothing else can be selected. */
  readonly searched: boolean;
  /** Those that may select here: all but the selecting ones that do not name every restricted segment of the path. */
  readonly patterns: readonly Pattern[];
  /** The strongest restriction on the way here. */
  readonly restriction: Restriction | undefined;
}

/** What to do about a place. */
export interface Verdict {
  readonly selected: boolean;
  /** A directory below which something can be selected. */
  readonly entered: boolean;
  /** Why it is left out although the patterns want it. */
  readonly skipped: Restriction | undefined;
}

/**
 * Decides what the patterns select, without looking at the disk. The last pattern that matches wins, as in
 * @actions/glob. On top of it come the restrictions: a segment below the root that is hidden or a credential lets only
 * those patterns through in which this segment is written out (`.github/**`, `config/.npmrc`; not `.*`).
 */
export class Selector {
  readonly #patterns: readonly Pattern[];
  readonly #searchPaths: readonly (readonly string[])[];
  readonly #options: SelectorOptions;

  constructor(patterns: readonly Pattern[], options: SelectorOptions) {
    this.#patterns = patterns;
    this.#searchPaths = patterns.filter(({ negate }) => !negate).map(({ searchPath }) => searchPath);
    this.#options = options;
  }

  /** The root is never selected itself, only entered. */
  root(): Place {
    const { root, style } = this.#options;
    const location = locationOf(segmentsOf(root, style));
    return {
      location,
      path: '',
      absolutePath: root,
      searched: this.#isSearched(location),
      patterns: this.#patterns,
      restriction: undefined,
    };
  }

  /** The place of `name` in a directory. */
  child(parent: Place, name: string): Place {
    const location = locationOf([...parent.location.segments, name]);
    const restriction = restrictionOf(name, this.#options.includeHiddenFiles);
    return {
      ...this.pathsOf(parent, name),
      location,
      searched: parent.searched || this.#isSearched(location),
      patterns: restriction === undefined ? parent.patterns : patternsNaming(location, parent.patterns),
      restriction: parent.restriction === 'credentials' ? 'credentials' : (restriction ?? parent.restriction),
    };
  }

  /** Only the paths of `name` in a directory. */
  pathsOf(parent: Place, name: string): Pick<Place, 'path' | 'absolutePath'> {
    return {
      path: parent.path === '' ? name : `${parent.path}/${name}`,
      absolutePath: childPath(parent.absolutePath, name, this.#options.style),
    };
  }

  judge(place: Place, kind: LocationKind): Verdict {
    const selected = this.#selects(place.patterns, place, kind);
    const entered = kind === 'directory' && this.#leadsOn(place.patterns, place);
    if (selected || entered || place.restriction === undefined) return { selected, entered, skipped: undefined };
    return { selected, entered, skipped: this.#isWanted(place, kind) ? place.restriction : undefined };
  }

  /** True if the patterns would take it but for the restrictions. */
  #isWanted(place: Place, kind: LocationKind): boolean {
    return this.#selects(this.#patterns, place, kind) || (kind === 'directory' && this.#leadsOn(this.#patterns, place));
  }

  #selects(patterns: readonly Pattern[], { location, searched }: Place, kind: LocationKind): boolean {
    if (!searched && kind !== 'symlink') return false;
    const last = patterns.findLast((pattern) => pattern.matches(location, kind));
    return last !== undefined && !last.negate;
  }

  /** False if nothing below the directory can be selected, or if all that could be is excluded by a later pattern. */
  #leadsOn(patterns: readonly Pattern[], { location, searched }: Place): boolean {
    if (!searched && !this.#isOnTheWay(location)) return false;
    const excluding = patterns.findLastIndex((pattern) => pattern.negate && pattern.covers(location));
    return patterns.some((pattern, index) => index > excluding && !pattern.negate && pattern.mayMatchBelow(location));
  }

  #isSearched({ segments }: Location): boolean {
    return this.#searchPaths.some((searchPath) => startsWith(segments, searchPath, this.#options.style));
  }

  #isOnTheWay({ segments }: Location): boolean {
    return this.#searchPaths.some((searchPath) => startsWith(searchPath, segments, this.#options.style));
  }
}

/** The same list where nothing is dropped. */
function patternsNaming(location: Location, patterns: readonly Pattern[]): readonly Pattern[] {
  const naming = patterns.filter((pattern) => pattern.negate || pattern.names(location));
  return naming.length === patterns.length ? patterns : naming;
}
