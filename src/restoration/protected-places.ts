import { type PathStyle, segmentsOf, startsWith } from '../selection/paths.ts';
import type { Entry } from '../series/model.ts';
import { foldedName } from './folded-name.ts';

/** Where a restore goes, and what it must not reach from there. */
export interface ProtectedPlaces {
  /** Whether what runs by itself is kept out: see {@link protectionProblem}. */
  readonly keepsOutCommands: boolean;
  /** Of the runner, below the target: segments relative to it. */
  readonly runnerFiles: readonly (readonly string[])[];
}

/**
 * @param target absolute, without symbolic links
 * @param runnerFiles absolute paths of files and directories by which steps give orders to the runner
 */
export function protectedPlaces(
  target: string,
  options: { keepsOutCommands: boolean; runnerFiles: readonly string[]; style: PathStyle },
): ProtectedPlaces {
  const { keepsOutCommands, runnerFiles, style } = options;
  const base = segmentsOf(target, style);
  const below = runnerFiles
    .map((path) => segmentsOf(path, style))
    .filter((segments) => segments.length > base.length && startsWith(segments, base, style));
  return { keepsOutCommands, runnerFiles: below.map((segments) => segments.slice(base.length).map(foldedName)) };
}

/**
 * Why an entry must not go where it wants to. What git and npm run by themselves (`.git/hooks`, `.git/config`, the same of
 * submodules, `node_modules/.bin`) and the runner's own files are written only where the user's `target` says so, not
 * where an entry does: what is in a bucket must not decide what the job runs (CVE-2024-42471 did so by way of an artifact).
 *
 * @param path below the target, POSIX
 * @returns reads on after a colon; undefined for all other paths
 */
export function protectionProblem(path: string, type: Entry['type'], places: ProtectedPlaces): string | undefined {
  const names = path.split('/').map(foldedName);
  if (reachesAny(names, type, places.runnerFiles)) return "it is one of the runner's own files";
  if (!places.keepsOutCommands) return undefined;
  const found = commandsOfGit(names, type) ?? commandsOfNpm(names, type);
  return found && `\`${found}\` decides what later commands run`;
}

/** Below one of the places, or in the place of a directory above it. */
function reachesAny(names: readonly string[], type: Entry['type'], places: readonly (readonly string[])[]): boolean {
  return places.some((place) => {
    const length = Math.min(names.length, place.length);
    const isOnTheWay = names.length < place.length;
    return (
      names.slice(0, length).every((name, index) => name === place[index]) && !(isOnTheWay && type === 'directory')
    );
  });
}

/** What git runs, what can name a command (aliases, filters, `core.fsmonitor`), and what leads git to another of these. */
const GIT_COMMANDS: ReadonlySet<string> = new Set(['hooks', 'config', 'config.worktree', 'commondir']);
/** Directories of git whose subdirectories, at any depth, are laid out as `.git` itself: of submodules, of worktrees. */
const GIT_NESTED: ReadonlySet<string> = new Set(['modules', 'worktrees']);

function commandsOfGit(names: readonly string[], type: Entry['type']): string | undefined {
  for (const below of everythingBelow(names, '.git')) {
    const [first = '', ...rest] = below;
    // A link, or the file that git takes for one, would stand for all that is below.
    if (below.length === 0 && type !== 'directory') return '.git';
    if (GIT_COMMANDS.has(first)) return `.git/${first}`;
    if (!GIT_NESTED.has(first)) continue;
    const command = rest.find((name) => GIT_COMMANDS.has(name));
    if (command !== undefined) return `.git/${first}/*/${command}`;
    if (type === 'symlink') return `.git/${first}`;
  }
  return undefined;
}

function commandsOfNpm(names: readonly string[], type: Entry['type']): string | undefined {
  for (const [first] of everythingBelow(names, 'node_modules')) {
    if (first === '.bin' || (first === undefined && type !== 'directory')) return 'node_modules/.bin';
  }
  return undefined;
}

/** What follows each segment of this name. */
function everythingBelow(names: readonly string[], parent: string): (readonly string[])[] {
  return names.flatMap((name, index) => (name === parent ? [names.slice(index + 1)] : []));
}
