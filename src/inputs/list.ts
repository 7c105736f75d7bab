import { parseVersionSelector } from '../series/version-selector.ts';
import { type AccessInputs, readAccessInputs } from './access.ts';
import type { InputContext } from './context.ts';
import { parsed } from './fields.ts';
import { InputReader, refused } from './reader.ts';
import type { InputSource } from './source.ts';
import { anySeries, oneSeries } from './store.ts';
import { versionSchema } from './version.ts';

/** What there is to list. Versions are texts for `resolveVersion`. */
export type Wanted =
  | { readonly kind: 'series' }
  | { readonly kind: 'versions'; readonly details: boolean }
  | { readonly kind: 'entries'; readonly version: string }
  | { readonly kind: 'changes'; readonly from: string; readonly to: string };

/** All that the list command is told by its user. */
export interface ListInputs extends AccessInputs {
  readonly wanted: Wanted;
}

/** Nothing that asks for a version has two dots in a row. */
const RANGE = /^(.+?)\.\.(.+)$/;

/**
 * Reads and checks every input of the list action, in the order of its action.yml.
 * @throws InputError for the first that is refused
 */
export function parseListInputs(source: InputSource, context: InputContext): ListInputs {
  const reader = new InputReader(source);
  const version = reader.optional('version', versionSchema);
  const range = reader.optional('diff', rangeSchema);
  const details = reader.flag('details');
  const isOfOne = version !== undefined || range !== undefined;
  const access = readAccessInputs(reader, context, isOfOne ? oneSeries : anySeries);
  if (version !== undefined && range !== undefined) {
    throw refused('diff', source.get('diff'), '`version` is given too: leave one of them out');
  }
  const { series } = access.store;
  return { ...access, wanted: wantedOf(series, version, range, details) };
}

function wantedOf(
  series: string,
  version: string | undefined,
  range: { readonly from: string; readonly to: string } | undefined,
  details: boolean,
): Wanted {
  if (range !== undefined) return { kind: 'changes', ...range };
  if (version !== undefined) return { kind: 'entries', version };
  return series === '' ? { kind: 'series' } : { kind: 'versions', details };
}

const rangeSchema = parsed((value) => {
  const [, from = '', to = ''] = RANGE.exec(value) ?? [];
  const isRange = [from, to].every((side) => parseVersionSelector(side).length > 0);
  return isRange ? { from, to } : undefined;
}, 'it must be two versions with two dots between them: write, for example, `41..latest`');
