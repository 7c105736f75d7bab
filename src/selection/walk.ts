import { type Child, list, type WalkPorts } from './listing.ts';
import { readEntry } from './read-entry.ts';
import type { Place } from './selector.ts';
import type { SelectedEntry } from './types.ts';

/** Files and links that are looked at before anybody else gets a turn: half a millisecond. */
const BATCH_SIZE = 64;

/** A directory the walk is in. */
interface Level {
  readonly directory: Place;
  /** What is still to be dealt with, the next one last. */
  readonly queue: Child[];
}

/**
 * Walks the tree below the root depth first and yields what is selected, in batches, sorted by the bytes of the path.
 * Only directories in which something can be selected are read, links are never followed, and no more than one
 * directory's listing per level is in memory.
 *
 * @throws BackupError of class `local` for what cannot be read, and the signal's reason
 */
export async function* walk(ports: WalkPorts): AsyncGenerator<readonly SelectedEntry[], void> {
  const root = ports.selector.root();
  const levels: Level[] = [levelOf(root, (await list(root, ports))?.children)];
  for (let level = levels.at(-1); level !== undefined; level = levels.at(-1)) {
    ports.signal?.throwIfAborted();
    const batch = takeBatch(level.queue);
    const next = batch.length > 0 ? undefined : level.queue.pop();
    if (batch.length > 0) yield readAll(batch, level.directory, ports);
    else if (next === undefined) levels.pop();
    else {
      const directory = ports.selector.child(level.directory, next.name);
      const listing = await list(directory, ports);
      if (listing?.empty && next.selected) yield readAll([next], level.directory, ports);
      else levels.push(levelOf(directory, listing?.children));
    }
  }
}

function levelOf(directory: Place, children: readonly Child[] = []): Level {
  return { directory, queue: children.toReversed() };
}

/** Takes the files and links that come before the next directory, up to a limit. */
function takeBatch(queue: Child[]): Child[] {
  const batch: Child[] = [];
  for (let next = queue.at(-1); next !== undefined && next.kind !== 'directory'; next = queue.at(-1)) {
    if (batch.length === BATCH_SIZE) break;
    batch.push(next);
    queue.pop();
  }
  return batch;
}

function readAll(children: readonly Child[], directory: Place, ports: WalkPorts): SelectedEntry[] {
  return children.flatMap((child) => readChild(child, directory, ports) ?? []);
}

/** Undefined for what is refused, and for what vanished. */
function readChild(child: Child, directory: Place, ports: WalkPorts): SelectedEntry | undefined {
  const { selector, findings } = ports;
  const { path, absolutePath } = selector.pathsOf(directory, child.name);
  const problem = ports.pathProblem(path);
  const entry = problem === undefined ? readEntry({ path, absolutePath, kind: child.kind }) : { path, problem };
  if (entry === undefined) findings.vanish(path);
  else if ('problem' in entry) findings.refuse(JSON.stringify(path), entry.problem);
  else return entry;
  return undefined;
}
