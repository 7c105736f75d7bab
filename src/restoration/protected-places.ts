import { type PathStyle, segmentsOf, startsWith } from '../selection/paths.ts';

/** What runs by itself in a later command or step, when it lies in a directory of these names. */
const RUN_UNASKED: readonly (readonly [parent: string, name: string])[] = [
  ['.git', 'hooks'],
  ['.git', 'config'],
  ['node_modules', '.bin'],
];

/** Where a restore goes, and what it must not reach from there. */
export interface ProtectedPlaces {
  /** Made by this step, so that nothing in it is the job's. */
  readonly isFresh: boolean;
  /** Of the runner, below the target: segments relative to it. */
  readonly runnerFiles: readonly (readonly string[])[];
}

/**
 * @param target absolute, without symbolic links
 * @param runnerFiles absolute paths of files and directories by which steps give orders to the runner
 */
export function protectedPlaces(
  target: string,
  { isFresh, runnerFiles, style }: { isFresh: boolean; runnerFiles: readonly string[]; style: PathStyle },
): ProtectedPlaces {
  const base = segmentsOf(target, style);
  const below = runnerFiles
    .map((path) => segmentsOf(path, style))
    .filter((segments) => segments.length > base.length && startsWith(segments, base, style));
  return { isFresh, runnerFiles: below.map((segments) => segments.slice(base.length).map(foldedName)) };
}

/**
 * Why an entry must not go where it wants to. `.git/hooks`, `.git/config`, `node_modules/.bin` and the runner's own files
 * are written only where the user's `target` itself names the directory they are in, not where an entry does: what is in
 * a bucket must not decide what the job runs (CVE-2024-42471 did so by way of an artifact).
 *
 * @param path below the target, POSIX
 * @returns reads on after a colon; undefined for all other paths
 */
export function protectionProblem(path: string, isDirectory: boolean, places: ProtectedPlaces): string | undefined {
  const names = path.split('/').map(foldedName);
  if (reachesAny(names, isDirectory, places.runnerFiles)) return "it is one of the runner's own files";
  if (places.isFresh) return undefined;
  const found = RUN_UNASKED.find(([parent, name]) => standsFor(names, isDirectory, parent, name));
  return found && `\`${found.join('/')}\` decides what later commands run`;
}

/** Below one of the places, or in the place of a directory above it. */
function reachesAny(names: readonly string[], isDirectory: boolean, places: readonly (readonly string[])[]): boolean {
  return places.some((place) => {
    const length = Math.min(names.length, place.length);
    const isOnTheWay = names.length < place.length;
    return names.slice(0, length).every((name, index) => name === place[index]) && !(isOnTheWay && isDirectory);
  });
}

/** Also a link or a file in the place of the parent: it would stand for all that is below. */
function standsFor(names: readonly string[], isDirectory: boolean, parent: string, name: string): boolean {
  const contains = names.some((found, index) => found === parent && names[index + 1] === name);
  return contains || (!isDirectory && names.at(-1) === parent);
}

/** As the most forgiving file system compares names: without case, form and characters that cannot be seen. */
function foldedName(name: string): string {
  return name
    .normalize('NFKC')
    .replace(/\p{Default_Ignorable_Code_Point}/gu, '')
    .toLowerCase();
}
