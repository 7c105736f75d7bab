import type { Entry } from './model.ts';
import { pairByPath } from './pair-by-path.ts';

export interface PathSample {
  readonly count: number;
  /** Bytes of the files among them (of the new state; of the old one for removed entries). */
  readonly bytes: number;
  /** The first few paths: hostile text. */
  readonly examples: readonly string[];
}

/** How a version differs from the one before it. */
export interface Difference {
  readonly againstNumber: number;
  readonly againstId: string;
  readonly added: PathSample;
  readonly changed: PathSample;
  readonly removed: PathSample;
  readonly unchanged: { readonly count: number; readonly bytes: number };
}

/** One path that differs. `before` is absent of an added one, `after` of a removed one. */
export interface Change {
  readonly kind: 'added' | 'changed' | 'removed';
  readonly path: string;
  readonly before?: Entry;
  readonly after?: Entry;
}

/** Names shown of each kind of difference. */
const MAX_EXAMPLES = 20;

/** Counts entries, and keeps the first few names. */
class Sample implements PathSample {
  count = 0;
  bytes = 0;
  readonly examples: string[] = [];

  add(entry: Entry): void {
    this.count++;
    this.bytes += sizeOf(entry);
    if (this.examples.length < MAX_EXAMPLES) this.examples.push(entry.path);
  }
}

/** Compares the entries of two versions, path by path, as they go by. Holds only counts and a few names. */
export class Differences {
  readonly #samples = { added: new Sample(), changed: new Sample(), removed: new Sample() };
  readonly #unchanged = new Sample();

  /**
   * Content, kind and mode count; a new mtime alone does not, because a fresh checkout has new ones throughout.
   * @returns what differs between the entries of one path, if anything
   */
  add(before: Entry | undefined, after: Entry | undefined): Change | undefined {
    const change = changeOf(before, after);
    const entry = after ?? before;
    if (entry === undefined) return undefined;
    if (change === undefined) this.#unchanged.add(entry);
    else this.#samples[change.kind].add(entry);
    return change;
  }

  current(against: { readonly id: string; readonly number: number }): Difference {
    const { count, bytes } = this.#unchanged;
    return { againstId: against.id, againstNumber: against.number, ...this.#samples, unchanged: { count, bytes } };
  }
}

/**
 * Compares two indexes by a merge of their sorted entries: one pass, memory flat.
 *
 * @param onChange told of every path that differs, in order, for those who want more than a few names
 */
export async function compareEntries(
  before: { readonly id: string; readonly number: number; readonly entries: AsyncIterable<Entry> },
  after: AsyncIterable<Entry>,
  onChange: (change: Change) => Promise<void> = async () => {},
): Promise<Difference> {
  const differences = new Differences();
  for await (const [old, now] of pairByPath(before.entries, after)) {
    const change = differences.add(old, now);
    if (change !== undefined) await onChange(change);
  }
  return differences.current(before);
}

/** Undefined where nothing differs. */
function changeOf(before: Entry | undefined, after: Entry | undefined): Change | undefined {
  if (before === undefined) return after && { kind: 'added', path: after.path, after };
  if (after === undefined) return { kind: 'removed', path: before.path, before };
  return isSame(before, after) ? undefined : { kind: 'changed', path: after.path, before, after };
}

function isSame(a: Entry, b: Entry): boolean {
  if (a.type === 'file' && b.type === 'file') return a.sha256 === b.sha256 && a.mode === b.mode;
  if (a.type === 'symlink' && b.type === 'symlink') return a.target === b.target;
  return a.type === 'directory' && b.type === 'directory' && a.mode === b.mode;
}

function sizeOf(entry: Entry): number {
  return entry.type === 'file' ? entry.size : 0;
}
