import { blocks, firstOf, list } from '../blocks.ts';
import type { Section } from '../budget.ts';
import { EMPTY, fileName, join, type Markdown, md } from '../markdown.ts';
import { MAX_PROBLEM_EXAMPLES, problemReasons, problemSubjects, problemTitle } from '../problems.ts';
import type { BackupReport, Problem } from '../types.ts';
import { grouped } from '../units.ts';

const MAX_KINDS = 50;
const MAX_KINDS_IF_SHORT = 10;

/** What went wrong without stopping the command, one item per kind; empty where all went well. */
export function problemsSection({ problems }: Pick<BackupReport, 'problems'>): Section {
  if (problems.length === 0) return { name: 'problems', variants: [EMPTY] };
  return { name: 'problems', variants: [problemList(problems, MAX_KINDS), problemList(problems, MAX_KINDS_IF_SHORT)] };
}

function problemList(problems: readonly Problem[], limit: number): Markdown {
  return blocks(md`#### Problems`, list(firstOf(problems, limit, problemItem)));
}

function problemItem(problem: Problem): Markdown {
  const times = problem.count === 1 ? '' : ` (${grouped(problem.count)} times)`;
  const reasons = problemReasons(problem).map((reason) => md` ${reason}`);
  return md`**${problemTitle(problem)}**${times}: ${problem.message}${join(reasons, '')}${seenWith(problem)}`;
}

function seenWith(problem: Problem): Markdown {
  const subjects = problemSubjects(problem);
  const total = Math.max(problem.count, subjects.length);
  const shown = firstOf(subjects, MAX_PROBLEM_EXAMPLES, fileName, total);
  return subjects.length === 0 ? EMPTY : md` Seen with ${join(shown, ', ')}.`;
}
