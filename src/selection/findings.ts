import { InputError } from '../errors.ts';
import type { Restriction } from './restrictions.ts';
import { MAX_SKIPPED_EXAMPLES, type Selection, type Skipped } from './types.ts';

/** How many refused paths an error names. */
const MAX_REFUSED_EXAMPLES = 5;

export type SkipReason = Restriction | 'special';

/** What the walk left out, and what it must not leave out but cannot take. Bounded, whatever the tree. */
export class Findings {
  readonly #skipped: Record<SkipReason, { count: number; examples: string[] }> = {
    hidden: { count: 0, examples: [] },
    credentials: { count: 0, examples: [] },
    special: { count: 0, examples: [] },
  };
  readonly #refused: { count: number; examples: string[] } = { count: 0, examples: [] };

  skip(reason: SkipReason, path: string): void {
    const skipped = this.#skipped[reason];
    skipped.count += 1;
    if (skipped.examples.length < MAX_SKIPPED_EXAMPLES) skipped.examples.push(path);
  }

  /**
   * @param quotedPath the path as the error is to show it, with its quotes
   * @param problem why it cannot be stored: a clause, such as "it is not valid Unicode"
   */
  refuse(quotedPath: string, problem: string): void {
    this.#refused.count += 1;
    if (this.#refused.examples.length < MAX_REFUSED_EXAMPLES) {
      this.#refused.examples.push(`${quotedPath} (${problem})`);
    }
  }

  get skipped(): Selection['skipped'] {
    const { hidden, credentials, special } = this.#skipped satisfies Record<SkipReason, Skipped>;
    return { hidden, credentials, special };
  }

  /** @throws InputError that names the first refused paths, if there are any */
  throwIfRefused(): void {
    const { count, examples } = this.#refused;
    if (count === 0) return;
    const others = count > examples.length ? ` and ${count - examples.length} more` : '';
    const subject = count === 1 ? `A path that 'path' selects` : `${count} paths that 'path' selects`;
    throw new InputError(
      'path',
      `${subject} cannot be stored: ${examples.join(', ')}${others}; rename ${count === 1 ? 'it' : 'them'}, or exclude ` +
        `${count === 1 ? 'it' : 'them'} with a '!' line in 'path'.`,
    );
  }
}
