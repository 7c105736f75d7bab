import { describe, expect, it } from '@jest/globals';
import { problemsSection } from '../../../src/report/sections/problems.ts';
import { loadReport } from '../../fixtures/reports/load.ts';

const report = loadReport('first-version');
const problem = (kind: string, count: number, examples: readonly string[] = []) => ({
  kind,
  message: 'M.',
  count,
  examples,
});
const source = (...problems: ReturnType<typeof problem>[]) =>
  problemsSection({ ...report, problems }).variants[0].source;

describe('the problems', () => {
  it('are one item per kind with count and examples', () => {
    expect(source(problem('a-b', 1), problem('c', 1200, ['x', '<y>']))).toBe(
      '#### Problems\n\n- **A b**: M.\n' +
        '- **C** (1,200 times): M. Seen with <code>x</code>, <code>&#60;y&#62;</code>, … and 1,198 more.',
    );
  });

  it('give a reason whole, in the sentence, and name nothing twice', () => {
    const reason = `The prune would remove ${'a b '.repeat(100)}*all*`;
    const stopped = { ...problem('prune-stopped', 1), reasons: [reason] };
    expect(source(stopped)).toBe(`#### Problems\n\n- **Prune stopped**: M. ${reason.replaceAll('*', '&#42;')}.`);
    expect(source({ ...problem('x', 1, ['a.txt']), message: '"a.txt" is odd.' })).toMatch(/: "a.txt" is odd\.$/);
  });

  it('are silent where all went well', () => expect(source()).toBe(''));

  it('are cut to a number of kinds, and to fewer where space is short', () => {
    const problems = Array.from({ length: 60 }, (_, i) => problem(`kind-${i}`, 1));
    const items = problemsSection({ ...report, problems }).variants.map(
      (variant) => variant.source.match(/^- /gm)?.length,
    );
    expect(items).toEqual([51, 11]);
  });
});
