import { compareUtf8 } from '../byte-order.ts';
import type { Findings } from './findings.ts';
import type { LocationKind } from './pattern.ts';
import type { DirectoryItem, ReadDirectory } from './read-directory.ts';
import type { Place, Selector } from './selector.ts';
import type { SelectionOptions } from './types.ts';

/** A name in a directory that is an entry, or that is entered to find some. */
export interface Child {
  readonly name: string;
  readonly kind: Exclude<LocationKind, 'special'>;
  readonly selected: boolean;
  /** What it is sorted by among its siblings; see {@link inByteOrder}. */
  readonly sortKey: string;
}

/** What a walk works with. */
export interface WalkPorts {
  readonly selector: Selector;
  readonly findings: Findings;
  readonly readDirectory: ReadDirectory;
  readonly pathProblem: SelectionOptions['pathProblem'];
  /** Absolute paths that are never selected: the list of entries itself, and the directory of temporary files it is in. */
  readonly ownPaths: ReadonlySet<string>;
  readonly signal?: AbortSignal | undefined;
}

export interface Listing {
  /** In the order of their paths' bytes. */
  readonly children: readonly Child[];
  /** Nothing at all is in the directory. */
  readonly empty: boolean;
}

/** Reads a directory and keeps of it what matters; undefined if it vanished. */
export async function list(directory: Place, ports: WalkPorts): Promise<Listing | undefined> {
  const items = await ports.readDirectory(directory.absolutePath);
  if (items === undefined) {
    ports.findings.vanish(directory.path === '' ? '.' : directory.path);
    return undefined;
  }
  const children = items.flatMap((item) => admit(item, directory, ports) ?? []);
  const isEmpty = async ({ name }: Child) =>
    (await ports.readDirectory(ports.selector.child(directory, name).absolutePath))?.length === 0;
  return { children: await inByteOrder(children, isEmpty), empty: items.length === 0 };
}

/** Undefined for what is neither selected nor entered, be it not wanted, left out or refused. */
function admit({ name, kind, escapedName }: DirectoryItem, directory: Place, ports: WalkPorts): Child | undefined {
  const { selector, findings, ownPaths } = ports;
  const place = selector.child(directory, name);
  if (ownPaths.has(place.absolutePath)) return undefined;
  const { selected, entered, skipped } = selector.judge(place, kind);
  if (skipped !== undefined) findings.skip(skipped, place.path);
  if (!selected && !entered) return undefined;
  if (kind === 'special') {
    findings.skip('special', place.path);
    return undefined;
  }
  if (escapedName !== undefined) {
    findings.refuse(`"${escapedPath(directory, escapedName)}"`, 'its name is not valid Unicode');
    return undefined;
  }
  return { name, kind, selected, sortKey: kind === 'directory' ? `${name}/` : name };
}

function escapedPath(directory: Place, name: string): string {
  return directory.path === '' ? name : `${JSON.stringify(directory.path).slice(1, -1)}/${name}`;
}

/**
 * Sorts siblings so that a walk in this order meets paths in the order of their bytes: what is below `a` sorts as
 * `a/…`, behind the file `a!`. An empty directory is itself an entry and sorts as `a`, before `a!`; so wherever a
 * sibling stands between the two places it has to be known whether the directory is empty.
 */
async function inByteOrder(
  children: Child[],
  isEmpty: (directory: Child) => Promise<boolean>,
): Promise<readonly Child[]> {
  children.sort(bySortKey);
  const inDoubt = children.filter((child, index) => {
    const before = children[index - 1];
    return child.kind === 'directory' && child.selected && before !== undefined && isBetween(before, child);
  });
  const empty = new Set<Child>();
  for (const directory of inDoubt) {
    if (await isEmpty(directory)) empty.add(directory);
  }
  if (empty.size === 0) return children;
  return children.map((child) => (empty.has(child) ? asEntry(child) : child)).sort(bySortKey);
}

function bySortKey(a: Child, b: Child): number {
  return compareUtf8(a.sortKey, b.sortKey);
}

/** True if the sibling sorts behind the directory's name, but before what is below the directory. */
function isBetween(sibling: Child, directory: Child): boolean {
  return compareUtf8(sibling.sortKey, directory.sortKey.slice(0, -1)) > 0;
}

function asEntry(emptyDirectory: Child): Child {
  return { ...emptyDirectory, sortKey: emptyDirectory.sortKey.slice(0, -1) };
}
