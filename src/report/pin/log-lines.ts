import type { PinReport } from '../types.ts';
import { logSafe } from '../visible.ts';
import { pinFacts, pinWords } from './words.ts';

/** The last lines of the log. Safe for the log. */
export function pinLines(report: PinReport): string[] {
  const { version, pin } = report;
  const words = pinWords(pin && pinFacts(pin));
  return [`Version ${version.number} (${version.id}) ${outcome(report, words)}`].map(logSafe);
}

function outcome({ state, changed }: PinReport, words: string): string {
  if (state === 'pinned') return changed ? `is ${words}` : `was pinned before and stays so: ${words}`;
  return changed ? `is no longer pinned; it was ${words}` : 'was not pinned';
}
