import { Findings } from '../../src/selection/findings.ts';
import type { WalkPorts } from '../../src/selection/listing.ts';
import { parsePatterns } from '../../src/selection/parse-patterns.ts';
import { HERE } from '../../src/selection/paths.ts';
import { type ReadDirectory, readDirectory } from '../../src/selection/read-directory.ts';
import { Selector } from '../../src/selection/selector.ts';

/** What a walk of the disk needs, and the directories it read so far, relative to the root. */
export interface RecordedPorts extends WalkPorts {
  readonly read: string[];
}

export async function portsFor(root: string, ...patterns: readonly string[]): Promise<RecordedPorts> {
  const base = { root, rootAsGiven: root, home: () => root, style: HERE };
  const selector = new Selector(await parsePatterns(patterns, base), { root, includeHiddenFiles: false, style: HERE });
  const { read, readDirectory } = recording(root);
  return {
    selector,
    findings: new Findings(),
    readDirectory,
    pathProblem: () => undefined,
    ownPaths: new Set<string>(),
    read,
  };
}

/** The real thing, with a note of every call. */
export function recording(root: string): { read: string[]; readDirectory: ReadDirectory } {
  const read: string[] = [];
  return {
    read,
    readDirectory: (absolutePath) => {
      read.push(absolutePath.slice(root.length + 1).replaceAll('\\', '/'));
      return readDirectory(absolutePath);
    },
  };
}
