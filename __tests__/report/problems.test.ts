import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { annotation, MAX_ANNOTATION_CHARACTERS, ProblemCollector } from '../../src/report/problems.ts';

describe('ProblemCollector', () => {
  it('counts by kind and keeps the first few examples', () => {
    const collector = new ProblemCollector();
    for (let i = 1; i <= 7; i += 1)
      collector.add({ kind: 'changed', message: `A file changed (${i}).`, subject: `f${i}` });
    collector.add({ kind: 'no-tags', message: 'No tags.' });
    collector.add({ kind: 'changed', message: 'A file changed.' });
    expect(collector.list()).toEqual([
      { kind: 'changed', message: 'A file changed (1).', count: 8, examples: ['f1', 'f2', 'f3', 'f4', 'f5'] },
      { kind: 'no-tags', message: 'No tags.', count: 1, examples: [] },
    ]);
  });

  it('keeps the first few reasons', () => {
    const collector = new ProblemCollector();
    for (let i = 1; i <= 7; i += 1) collector.add({ kind: 'failed', message: 'It failed.', reason: `r${i}` });
    const reasons = ['r1', 'r2', 'r3', 'r4', 'r5'];
    expect(collector.list()).toEqual([{ kind: 'failed', message: 'It failed.', count: 7, examples: [], reasons }]);
  });

  it('hands out a list that later problems do not change', () => {
    const collector = new ProblemCollector();
    collector.add({ kind: 'a', message: 'A.', subject: 'x' });
    const before = collector.list();
    collector.add({ kind: 'a', message: 'A.', subject: 'y' });
    expect(before).toEqual([{ kind: 'a', message: 'A.', count: 1, examples: ['x'] }]);
  });
});

describe('annotation', () => {
  it('of a single problem is its sentence', () => {
    const problem = { kind: 'no-tagging', message: 'The store has no tagging.', count: 1, examples: [] };
    expect(annotation(problem)).toEqual({ title: 'No tagging', message: 'The store has no tagging.' });
  });

  it('names examples and counts the rest', () => {
    const problem = { kind: 'file-changed', message: 'A file changed.', count: 1234, examples: ['a', 'b\n::error::'] };
    expect(annotation(problem)).toEqual({
      title: 'File changed (1,234 times)',
      message: 'A file changed. Seen with: a, b\\n\\u003a:error\\u003a: and 1,232 more.',
    });
  });

  it('names no single subject that the sentence names already', () => {
    const problem = { kind: 'x', message: 'The pin "a" is odd.', count: 1, examples: ['a'] };
    expect(annotation(problem).message).toBe('The pin "a" is odd.');
    expect(annotation({ ...problem, examples: ['pin'] }).message).toBe('The pin "a" is odd. Seen with: pin.');
  });

  it('gives reasons whole, each as a sentence', () => {
    const long = `${'x'.repeat(900)} was refused.`;
    const problem = { kind: 'x', message: 'It failed.', count: 3, examples: [], reasons: [long, 'no answer'] };
    expect(annotation(problem).message).toBe(`It failed. ${long} no answer. … and 1 more.`);
  });

  it('counts without examples too', () => {
    expect(annotation({ kind: 'x', message: 'X.', count: 3, examples: [] }).message).toBe('X. (3 times)');
  });

  it('is one line of at most 4,096 characters without a command, whatever the names are', () => {
    const long = fc.string({ unit: 'binary', minLength: 900, maxLength: 1024 });
    fc.assert(
      fc.property(long, fc.array(long, { maxLength: 10 }), (message, examples) => {
        const shown = annotation({ kind: 'k', message, count: examples.length + 1, examples });
        expect([...shown.message].length).toBeLessThanOrEqual(MAX_ANNOTATION_CHARACTERS);
        expect(shown.message).not.toMatch(/::|##\[|\p{Cc}/u);
      }),
    );
  });
});
