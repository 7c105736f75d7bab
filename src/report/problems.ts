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
  readonly #kinds = new Map<string, { message: string; count: number; examples: string[]; reasons: string[] }>();

  /** The message of the first of a kind stands for all of it. */
  add({ kind, message, subject, reason }: Warning): void {
    const known = this.#kinds.get(kind) ?? { message, count: 0, examples: [], reasons: [] };
    this.#kinds.set(kind, known);
    known.count += 1;
    if (subject !== undefined && known.examples.length < MAX_PROBLEM_EXAMPLES) known.examples.push(subject);
    if (reason !== undefined && known.reasons.length < MAX_PROBLEM_EXAMPLES) known.reasons.push(reason);
  }

  /** In the order in which the kinds first came up. */
  list(): Problem[] {
    return [...this.#kinds].map(([kind, { message, count: times, examples, reasons }]) => ({
      kind,
      message,
      count: times,
      examples: [...examples],
      ...(reasons.length > 0 && { reasons: [...reasons] }),
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

/** The sentences why, and how many more there are. */
export function problemReasons({ count: times, reasons = [] }: Problem): string[] {
  const more = times - reasons.length;
  return [
    ...reasons.map((reason) => (/[.!?]$/.test(reason) ? reason : `${reason}.`)),
    ...(reasons.length > 0 && more > 0 ? [`… and ${grouped(more)} more.`] : []),
  ];
}

/** What it was seen with; nothing where that is one thing, which the sentence names in quotes: a word may be in it by chance. */
export function problemSubjects({ message, examples }: Problem): readonly string[] {
  const [only] = examples;
  const isNamed = examples.length === 1 && only !== undefined && message.includes(JSON.stringify(only));
  return isNamed ? [] : examples;
}

function subjects(problem: Problem): string {
  const { count: times } = problem;
  const reasons = problemReasons(problem);
  if (reasons.length > 0) return ` ${reasons.join(' ')}`;
  const shown = problemSubjects(problem)
    .slice(0, MAX_PROBLEM_EXAMPLES)
    .map((example) => shorten(example, MAX_EXAMPLE_CHARACTERS));
  if (shown.length === 0) return times === 1 ? '' : ` (${count(times, 'time')})`;
  const more = times - shown.length;
  return ` Seen with: ${shown.join(', ')}${more > 0 ? ` and ${grouped(more)} more` : ''}.`;
}
