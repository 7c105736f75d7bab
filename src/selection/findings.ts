import { InputError } from '../errors.ts';
import type { Restriction } from './restrictions.ts';
import { MAX_SKIPPED_EXAMPLES, type Selection, type Skipped } from './types.ts';

/** How many refused paths an error names. */
const MAX_REFUSED_EXAMPLES = 5;

export type SkipReason = Restriction | 'special';

interface Found {
  count: number;
  readonly examples: string[];
}

/** What the walk left out, and what it must not leave out but cannot take. Bounded, whatever the tree. */
export class Findings {
  readonly #skipped: Record<SkipReason, Found> = { hidden: nothing(), credentials: nothing(), special: nothing() };
  readonly #vanished: Found = nothing();
  readonly #refused: Found = nothing();

  skip(reason: SkipReason, path: string): void {
    add(this.#skipped[reason], path, MAX_SKIPPED_EXAMPLES);
  }

  /** @param path of a file, a link or a directory that was listed, and gone when it was looked at */
  vanish(path: string): void {
    add(this.#vanished, path, MAX_SKIPPED_EXAMPLES);
  }

  /**
   * @param quotedPath the path as the error is to show it, with its quotes
   * @param problem why it cannot be stored: a clause, such as "it is not valid Unicode"
   */
  refuse(quotedPath: string, problem: string): void {
    add(this.#refused, `${quotedPath} (${problem})`, MAX_REFUSED_EXAMPLES);
  }

  get skipped(): Selection['skipped'] {
    const { hidden, credentials, special } = this.#skipped satisfies Record<SkipReason, Skipped>;
    return { hidden, credentials, special };
  }

  get vanished(): Selection['vanished'] {
    return this.#vanished;
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

function nothing(): Found {
  return { count: 0, examples: [] };
}

function add(found: Found, example: string, maxExamples: number): void {
  found.count += 1;
  if (found.examples.length < maxExamples) found.examples.push(example);
}
