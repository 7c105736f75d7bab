import { DEFAULT_CELLS } from './plan.ts';
import { cellKey, type Results } from './report.ts';

/**
 * What an earlier run found, with the cells of a newer one in place of its own; in the order of the plan. Nothing is
 * kept of another machine or of other versions of the tools: their numbers do not compare.
 */
export function merged(earlier: Results | undefined, newer: Results): Results {
  const isComparable = earlier !== undefined && earlier.machine.join() === newer.machine.join();
  const replaced = new Set(newer.results.map(({ cell }) => cellKey(cell)));
  const kept = isComparable ? earlier.results.filter(({ cell }) => !replaced.has(cellKey(cell))) : [];
  const order = DEFAULT_CELLS.map(cellKey);
  const placeOf = (key: string) => (order.includes(key) ? order.indexOf(key) : order.length);
  const results = [...kept, ...newer.results].sort((a, b) => placeOf(cellKey(a.cell)) - placeOf(cellKey(b.cell)));
  return { ...newer, rounds: Math.min(newer.rounds, isComparable ? earlier.rounds : newer.rounds), results };
}
