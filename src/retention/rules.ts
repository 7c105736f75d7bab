import { InputError } from '../errors.ts';
import type { RetentionPolicy, VersionFacts } from './types.ts';

/** One rule of a policy. Rules are OR-ed: a version stays if any rule has a reason to keep it. */
export interface Rule {
  /** @returns for each version, in the given order (newest first), why this rule keeps it, or undefined */
  reasons(newestFirst: readonly VersionFacts[]): readonly (string | undefined)[];
  /** Why it does not keep the others. */
  readonly otherwise: string;
}

const keepEverything: Rule = {
  reasons: (versions) => versions.map(() => 'no retention rule'),
  otherwise: '',
};

function keepLast(count: number): Rule {
  if (!Number.isSafeInteger(count) || count < 1) {
    throw new InputError(
      'keep-last',
      `keep-last is ${count}, but it must be an integer of at least 1; leave it out to keep every version.`,
    );
  }
  return {
    reasons: (versions) => versions.map((_, index) => (index < count ? `last ${index + 1} of ${count}` : undefined)),
    otherwise: `beyond the last ${count}`,
  };
}

/**
 * The rules of a policy; a policy without any keeps everything.
 * @throws InputError for a rule that is out of range
 */
export function rulesOf(policy: RetentionPolicy): readonly Rule[] {
  return policy.keepLast === undefined ? [keepEverything] : [keepLast(policy.keepLast)];
}

/** Whether a policy has a rule at all; one without any keeps everything. */
export function hasRules(policy: RetentionPolicy): boolean {
  return policy.keepLast !== undefined;
}
