import { resolve } from 'node:path';
import type { Links, Overwrite, RestoreRules } from '../restoration/types.ts';
import { type AccessInputs, readAccessInputs } from './access.ts';
import type { InputContext } from './context.ts';
import { present, wholeNumber } from './fields.ts';
import { InputReader, refused } from './reader.ts';
import type { InputSource } from './source.ts';
import { readConcurrency, readMaxMemory } from './transfer.ts';
import { versionSchema } from './version.ts';

const OVERWRITE = ['never', 'changed', 'always'] as const satisfies readonly Overwrite[];
const LINKS = ['refuse', 'keep'] as const satisfies readonly Links[];
const NOT_FOUND = ['error', 'ignore'] as const;
/** A key of 1,024 bytes has no more. */
const MAX_COMPONENTS = 512;

/** All that the restore command is told by its user. */
export interface RestoreInputs extends AccessInputs {
  /** Lines of @actions/glob patterns; none: everything. */
  readonly patterns: readonly string[];
  /** What names the version. */
  readonly version: string;
  /** Absolute. Absent: a fresh directory below the workspace. */
  readonly target?: string;
  /** Absolute. */
  readonly workspace: string;
  readonly rules: RestoreRules;
  /** What to do when there is no such version, or none of its entries is chosen. */
  readonly onNotFound: (typeof NOT_FOUND)[number];
  /** Requests in flight. */
  readonly concurrency: number;
  /** Bytes of all buffers together. */
  readonly maxMemory: number;
}

/**
 * Reads and checks every input of the restore action, in the order of its action.yml.
 * @throws InputError for the first that is refused
 */
export function parseRestoreInputs(source: InputSource, context: InputContext): RestoreInputs {
  const reader = new InputReader(source);
  const { workspace } = context;
  const patterns = readPatterns(reader);
  const version = reader.read('version', versionSchema);
  const target = source.get('target');
  const rules = {
    overwrite: reader.choice('overwrite', OVERWRITE),
    stripComponents: reader.read('strip-components', stripSchema),
    links: reader.choice('links', LINKS),
  };
  const onNotFound = reader.choice('on-not-found', NOT_FOUND);
  const access = readAccessInputs(reader, context);
  const concurrency = readConcurrency(reader);
  const maxMemory = readMaxMemory(reader);
  return present({
    ...access,
    patterns,
    version,
    target: target === '' ? undefined : resolve(workspace, target),
    workspace,
    rules,
    onNotFound,
    concurrency,
    maxMemory,
  });
}

const stripSchema = wholeNumber(0, MAX_COMPONENTS, 'write how many leading directories to take off each path');

function readPatterns(reader: InputReader): readonly string[] {
  const patterns = reader.lines('path').filter((line) => !line.startsWith('#'));
  const climbing = patterns.find((pattern) => pattern.split(/[/\\]/).includes('..'));
  if (climbing !== undefined) {
    throw refused('path', climbing, 'a pattern has no `..` segment: write the path as it is stored in the version');
  }
  return patterns;
}
