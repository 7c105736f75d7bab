import { resolve } from 'node:path';
import { z } from 'zod';
import { type InputReader, refused } from './reader.ts';

const NOTHING_FOUND = ['error', 'warn', 'ignore'] as const;
const FILE_CHANGED = ['error', 'warn'] as const;

/** Which files are backed up. */
export interface SelectionInputs {
  /** Lines of @actions/glob patterns; at least one of them includes something. Empty where nothing is asked for. */
  readonly patterns: readonly string[];
  /** Absolute directory that stored paths are relative to; whether it exists is not known yet. */
  readonly root: string;
  /** Whether names with a leading dot are included. */
  readonly includeHiddenFiles: boolean;
  /** What to do when the patterns match nothing. */
  readonly ifNoFilesFound: (typeof NOTHING_FOUND)[number];
  /** What to do when a file changes or vanishes while it is read. */
  readonly ifFileChanged: (typeof FILE_CHANGED)[number];
}

/**
 * @param workspace absolute directory that a relative `root` starts at
 * @param mayBeEmpty whether there is something else to be backed up
 * @throws InputError
 */
export function readSelectionInputs(reader: InputReader, workspace: string, mayBeEmpty: boolean): SelectionInputs {
  return {
    patterns: readPatterns(reader, mayBeEmpty),
    root: resolve(workspace, reader.read('root', z.string())),
    includeHiddenFiles: reader.flag('include-hidden-files'),
    ifNoFilesFound: reader.choice('if-no-files-found', NOTHING_FOUND),
    ifFileChanged: reader.choice('if-file-changed', FILE_CHANGED),
  };
}

function readPatterns(reader: InputReader, mayBeEmpty: boolean): readonly string[] {
  const lines = reader.lines('path');
  const patterns = lines.filter((line) => !line.startsWith('#'));
  if (mayBeEmpty && patterns.length === 0) return [];
  if (patterns.length === 0) {
    throw refused(
      'path',
      lines.join('\n'),
      'it must name at least one file: write one pattern a line, such as `dist/**`',
    );
  }
  if (patterns.every((pattern) => pattern.startsWith('!'))) {
    const rule = 'all of its lines exclude: add a line of what to back up, such as `**`, before them';
    throw refused('path', lines.join('\n'), rule);
  }
  const climbing = patterns.find((pattern) => pattern.split(/[/\\]/).includes('..'));
  if (climbing !== undefined) {
    const rule = 'a pattern has no `..` segment: set `root` to the directory above, or write the absolute path';
    throw refused('path', climbing, rule);
  }
  return lines;
}
