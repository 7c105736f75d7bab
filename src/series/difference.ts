import { comparePaths } from './entry-line.ts';
import type { Entry } from './model.ts';

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

/** Counts what differs; holds only counts and a few names. */
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

/**
 * Compares two indexes by a merge of their sorted entries: one pass, memory flat. Content, kind and mode count; a new
 * mtime alone does not, because a fresh checkout has new ones throughout.
 *
 * @param onChange told of every path that differs, in order, for those who want more than a few names
 */
export async function compareEntries(
  before: { readonly id: string; readonly number: number; readonly entries: AsyncIterable<Entry> },
  after: AsyncIterable<Entry>,
  onChange: (change: Change) => Promise<void> = async () => {},
): Promise<Difference> {
  const samples = { added: new Sample(), changed: new Sample(), removed: new Sample() };
  const unchanged = new Sample();
  for await (const [old, now] of pairs(before.entries, after)) {
    const change = changeOf(old, now);
    if (change === undefined) {
      if (now !== undefined) unchanged.add(now);
      continue;
    }
    const entry = change.after ?? change.before;
    if (entry !== undefined) samples[change.kind].add(entry);
    await onChange(change);
  }
  const { count, bytes } = unchanged;
  return { againstId: before.id, againstNumber: before.number, ...samples, unchanged: { count, bytes } };
}

/** Undefined where nothing differs. */
function changeOf(before: Entry | undefined, after: Entry | undefined): Change | undefined {
  if (before === undefined) return after && { kind: 'added', path: after.path, after };
  if (after === undefined) return { kind: 'removed', path: before.path, before };
  return isSame(before, after) ? undefined : { kind: 'changed', path: after.path, before, after };
}

/** Entries of both sides by path: `[old, new]`, with undefined where a side has none. */
async function* pairs(
  before: AsyncIterable<Entry>,
  after: AsyncIterable<Entry>,
): AsyncGenerator<[Entry | undefined, Entry | undefined]> {
  const left = before[Symbol.asyncIterator]();
  const right = after[Symbol.asyncIterator]();
  try {
    let [old, now] = [await next(left), await next(right)];
    while (old !== undefined || now !== undefined) {
      const order = old === undefined ? 1 : now === undefined ? -1 : comparePaths(old.path, now.path);
      yield [order <= 0 ? old : undefined, order >= 0 ? now : undefined];
      const [advanceOld, advanceNow]: [boolean, boolean] = [order <= 0, order >= 0];
      if (advanceOld) old = await next(left);
      if (advanceNow) now = await next(right);
    }
  } finally {
    await Promise.all([left.return?.(), right.return?.()]);
  }
}

async function next(iterator: AsyncIterator<Entry>): Promise<Entry | undefined> {
  const { done, value } = await iterator.next();
  return done ? undefined : value;
}

function isSame(a: Entry, b: Entry): boolean {
  if (a.type === 'file' && b.type === 'file') return a.sha256 === b.sha256 && a.mode === b.mode;
  if (a.type === 'symlink' && b.type === 'symlink') return a.target === b.target;
  return a.type === 'directory' && b.type === 'directory' && a.mode === b.mode;
}

function sizeOf(entry: Entry): number {
  return entry.type === 'file' ? entry.size : 0;
}
