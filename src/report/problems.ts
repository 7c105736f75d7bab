import type { Warning } from '../log.ts';
import type { Problem } from './types.ts';
import { count, grouped } from './units.ts';
import { logSafe, shorten } from './visible.ts';

export const MAX_PROBLEM_EXAMPLES = 5;
/** The runner cuts longer messages (`_maxIssueMessageLength` in actions/runner, `ExecutionContext.cs`). */
export const MAX_ANNOTATION_CHARACTERS = 4096;
/** Keeps room for all examples, the longest key (1,024 bytes) among them. */
const MAX_EXAMPLE_CHARACTERS = 200;

/** Counts what went wrong by kind, so that 10,000 files of one trouble are one annotation. */
export class ProblemCollector {
  readonly #kinds = new Map<string, { message: string; count: number; examples: string[] }>();

  /** The message of the first of a kind stands for all of it. */
  add({ kind, message, subject }: Warning): void {
    const known = this.#kinds.get(kind) ?? { message, count: 0, examples: [] };
    this.#kinds.set(kind, known);
    known.count += 1;
    if (subject !== undefined && known.examples.length < MAX_PROBLEM_EXAMPLES) known.examples.push(subject);
  }

  /** In the order in which the kinds first came up. */
  list(): Problem[] {
    return [...this.#kinds].map(([kind, { message, count: times, examples }]) => ({
      kind,
      message,
      count: times,
      examples: [...examples],
    }));
  }
}

export interface Annotation {
  readonly title: string;
  readonly message: string;
}

/** `file-changed` → `File changed` */
export function problemTitle({ kind }: Problem): string {
  const words = kind.replaceAll('-', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** One annotation for all occurrences of a kind: on one line, safe for the log. */
export function annotation(problem: Problem): Annotation {
  const title =
    problem.count === 1 ? problemTitle(problem) : `${problemTitle(problem)} (${grouped(problem.count)} times)`;
  const message = logSafe(`${problem.message}${subjects(problem)}`);
  return { title: logSafe(title), message: shorten(message, MAX_ANNOTATION_CHARACTERS) };
}

function subjects({ count: times, examples }: Problem): string {
  const shown = examples.slice(0, MAX_PROBLEM_EXAMPLES).map((example) => shorten(example, MAX_EXAMPLE_CHARACTERS));
  if (shown.length === 0) return times === 1 ? '' : ` (${count(times, 'time')})`;
  const more = times - shown.length;
  return ` Seen with: ${shown.join(', ')}${more > 0 ? ` and ${grouped(more)} more` : ''}.`;
}
