import { homedir } from 'node:os';
import { dirname } from 'node:path';
import { isRunDirectory } from '../run-directory-name.ts';
import { Findings } from './findings.ts';
import { parsePatterns } from './parse-patterns.ts';
import { HERE } from './paths.ts';
import { type ReadDirectory, readDirectory as readDirectoryOfDisk } from './read-directory.ts';
import { resolveRoot } from './root.ts';
import { Selector } from './selector.ts';
import { Spool } from './spool.ts';
import { Tally } from './tally.ts';
import type { Selection, SelectionOptions } from './types.ts';
import { walk } from './walk.ts';

/**
 * Finds what the `path` input selects.
 *
 * - Patterns mean what @actions/glob means by them: last match wins, a directory implies all below it. Relative ones
 *   start at the root; so do the paths of the entries.
 * - Hidden files stay out unless `includeHiddenFiles`, credentials always, except where a pattern writes the name out:
 *   then this pattern, and no other, selects them.
 * - Links are kept as links and never followed, with one exception: if the root is a link it is resolved once.
 *
 * @param readDirectory reads one directory; every directory that is looked into goes through it
 * @throws InputError for a bad pattern or root, and if any selected path cannot be stored
 * @throws BackupError of class `local` for what cannot be read, and if the list of entries cannot be written
 * @throws the signal's reason
 */
export async function select(
  options: SelectionOptions,
  readDirectory: ReadDirectory = readDirectoryOfDisk,
): Promise<Selection> {
  const root = await resolveRoot(options.root, options.workspace);
  const base = { root: root.real, rootAsGiven: root.given, home: homedir, style: HERE };
  const selector = new Selector(await parsePatterns(options.patterns, base), {
    root: root.real,
    includeHiddenFiles: options.includeHiddenFiles,
    style: HERE,
  });
  const spool = await Spool.create(options.temporaryDirectory, root.real);
  try {
    return await fill(spool, selector, options, readDirectory);
  } catch (error) {
    await spool.remove();
    throw error;
  }
}

async function fill(
  spool: Spool,
  selector: Selector,
  { pathProblem, smallBelow, signal }: SelectionOptions,
  readDirectory: ReadDirectory,
): Promise<Selection> {
  const findings = new Findings();
  const tally = new Tally(smallBelow);
  const directory = dirname(spool.path);
  const ownPaths = new Set([spool.path, ...(isRunDirectory(directory) ? [directory] : [])]);
  const ports = { selector, findings, readDirectory, pathProblem, ownPaths, signal };
  for await (const batch of walk(ports)) {
    for (const entry of batch) tally.add(entry);
    await spool.append(batch);
  }
  findings.throwIfRefused();
  await spool.finish();
  const { totals, small, largest } = tally;
  return {
    totals,
    small,
    largest,
    skipped: findings.skipped,
    vanished: findings.vanished,
    entries: () => spool.entries(),
    close: () => spool.remove(),
  };
}
