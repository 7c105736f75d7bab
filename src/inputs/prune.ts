import { hasRules } from '../retention/rules.ts';
import { type AccessInputs, readAccessInputs } from './access.ts';
import type { InputContext } from './context.ts';
import { InputReader, refused } from './reader.ts';
import { type RetentionInputs, readRetentionInputs } from './retention.ts';
import type { InputSource } from './source.ts';

/** All that the prune command is told by its user. */
export interface PruneInputs extends AccessInputs {
  /** At least one rule. */
  readonly retention: RetentionInputs;
  /** Show the plan, change nothing. */
  readonly dryRun: boolean;
}

/**
 * Reads and checks every input of the prune action, in the order of its action.yml.
 * @throws InputError for the first that is refused
 */
export function parsePruneInputs(source: InputSource, context: InputContext): PruneInputs {
  const reader = new InputReader(source);
  const access = readAccessInputs(reader, context);
  const retention = readRetentionInputs(reader);
  if (!hasRules(retention.policy)) {
    const rule =
      'a prune without any rule keeps everything: write how many of the newest versions to keep, such as `14`, or another rule';
    throw refused('keep-last', '', rule);
  }
  return { ...access, retention, dryRun: reader.flag('dry-run') };
}
