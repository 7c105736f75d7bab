import { debug, group, info, warning as warningAnnotation } from '@actions/core';
import type { Log, Warning } from '../log.ts';
import { annotation, type ProblemCollector } from '../report/problems.ts';
import { visible } from '../report/visible.ts';
import { logText } from './text.ts';

/**
 * The log of a step on a runner. Steps are foldable groups. Warnings become one annotation per kind at the end, because
 * GitHub shows ten of a step and drops the rest. No text can be taken for a workflow command, whatever is in it.
 */
export class ActionsLog implements Log {
  readonly #problems: ProblemCollector;

  /** @param problems where warnings are counted; the report lists the same */
  constructor(problems: ProblemCollector) {
    this.#problems = problems;
  }

  debug(message: string): void {
    debug(logText(message));
  }

  info(message: string): void {
    info(logText(message));
  }

  warn(warning: Warning): void {
    this.#problems.add(warning);
    const { subject = warning.reason } = warning;
    this.debug(`${warning.kind}: ${warning.message}${subject === undefined ? '' : ` [${visible(subject)}]`}`);
  }

  step<T>(title: string, work: () => Promise<T>): Promise<T> {
    return group(visible(title), work);
  }

  /** Emits the annotations: once, when no more warnings come. */
  flush(): void {
    for (const problem of this.#problems.list()) {
      const { title, message } = annotation(problem);
      warningAnnotation(message, { title });
    }
  }
}
