import { blocks } from './blocks.ts';
import { EMPTY, type Markdown, md } from './markdown.ts';

/** GitHub drops a whole summary of more than 1 MiB (actions/runner, `FileCommandManager.cs`). */
const GITHUB_LIMIT_BYTES = 1024 * 1024;
/** Left for what else a step writes there, and for masks that are longer than the secrets they replace. */
const MARGIN_BYTES = 64 * 1024;
export const SUMMARY_LIMIT_BYTES = GITHUB_LIMIT_BYTES - MARGIN_BYTES;

/** A part of a page that can be had in several sizes. */
export interface Section {
  /** As it is called where it had to give way. */
  readonly name: string;
  /** From the fullest to the shortest. One variant: never touched. An empty last one: may be dropped. */
  readonly variants: readonly [Markdown, ...Markdown[]];
}

/** Longest notice there can be: every section named in it. */
function notice(names: readonly string[]): Markdown {
  return names.length === 0 ? EMPTY : md`_Shortened to fit a job summary: ${names.join(', ')}._`;
}

/**
 * Puts sections below each other within a budget of UTF-8 bytes, most important first: while they are too long, the
 * last section that has a shorter variant gives way. Sections with one variant must fit by themselves.
 */
export function assemble(sections: readonly Section[], limitBytes: number): string {
  const levels = sections.map(() => 0);
  for (;;) {
    const page = render(sections, levels);
    const next = sections.findLastIndex(({ variants }, index) => (levels[index] ?? 0) < variants.length - 1);
    if (Buffer.byteLength(page) <= limitBytes || next === -1) return page;
    levels[next] = (levels[next] ?? 0) + 1;
  }
}

function render(sections: readonly Section[], levels: readonly number[]): string {
  const bodies = sections.map(({ variants }, index) => variants[levels[index] ?? 0] ?? EMPTY);
  const shortened = sections.filter((_, index) => (levels[index] ?? 0) > 0).map(({ name }) => name);
  return `${blocks(...bodies, notice(shortened)).source}\n`;
}
