import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { assemble, type Section, SUMMARY_LIMIT_BYTES } from '../../src/report/budget.ts';
import { EMPTY, Markdown } from '../../src/report/markdown.ts';

const markdown = (source: string) => Markdown.trusted(source);
const HEAD: Section = { name: 'head', variants: [markdown('HEAD')] };
const shrinking = (name: string, length: number): Section => ({
  name,
  variants: [markdown(name.repeat(length)), markdown(name), EMPTY],
});

describe('assemble', () => {
  it('shows everything where there is room', () => {
    expect(assemble([HEAD, shrinking('a', 2), shrinking('b', 3)], 1000)).toBe('HEAD\n\naa\n\nbbb\n');
  });

  it('lets the last section give way first, and says so', () => {
    const page = assemble([HEAD, shrinking('a', 200), shrinking('b', 200)], 300);
    expect(page).toBe(`HEAD\n\n${'a'.repeat(200)}\n\nb\n\n_Shortened to fit a job summary: b._\n`);
  });

  it('drops the last before it shortens the one before', () => {
    const page = assemble([HEAD, shrinking('a', 200), shrinking('b', 200)], 60);
    expect(page).toBe('HEAD\n\na\n\n_Shortened to fit a job summary: a, b._\n');
  });

  it('counts bytes, not characters', () => {
    const page = assemble([HEAD, shrinking('ü', 100)], 150);
    expect(page).toBe('HEAD\n\nü\n\n_Shortened to fit a job summary: ü._\n');
  });

  it('never touches the head and keeps to the budget whenever the shortest page does', () => {
    const lengths = fc.array(fc.integer({ min: 1, max: 2000 }), { maxLength: 8 });
    fc.assert(
      fc.property(lengths, fc.integer({ min: 100, max: 5000 }), (sizes, limit) => {
        const page = assemble([HEAD, ...sizes.map((size) => shrinking('s', size))], limit);
        expect(page.startsWith('HEAD\n')).toBe(true);
        expect(Buffer.byteLength(page)).toBeLessThanOrEqual(limit);
      }),
    );
  });

  it('stays below what GitHub takes', () => expect(SUMMARY_LIMIT_BYTES).toBeLessThan(1024 * 1024));
});
