import type { SeriesLocation } from '../series/keys.ts';
import type { CommandPorts } from './ports.ts';

/**
 * Says that a series has neither a version nor a claim. That is no error, as a new one has none yet; but it is what a misspelt
 * name looks like, by which a retention policy would never be applied.
 */
export function warnOfNoSeries(
  { prefix, series }: SeriesLocation,
  { store, log }: Pick<CommandPorts, 'store' | 'log'>,
): void {
  const place = prefix === '' ? '' : ` below the prefix ${JSON.stringify(prefix)}`;
  log.warn({
    kind: 'no-series',
    message: `There is no series ${JSON.stringify(series)}${place} in the bucket ${JSON.stringify(store.bucket)}: check \`bucket\`, \`prefix\` and \`name\`, unless its first backup is still to come.`,
  });
}
