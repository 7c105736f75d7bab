import { parseVersionSelector, SELECTOR_FORMS } from '../series/version-selector.ts';
import type { MaxAge } from '../verification/staleness.ts';
import type { DataSubset, Level } from '../verification/types.ts';
import { type AccessInputs, readAccessInputs } from './access.ts';
import type { InputContext } from './context.ts';
import { parsed, present, text } from './fields.ts';
import { parseDuration } from './quantities.ts';
import { InputReader, refused } from './reader.ts';
import type { InputSource } from './source.ts';
import { readConcurrency, readMaxMemory } from './transfer.ts';

const LEVELS = ['objects', 'checksums', 'data', 'restore'] as const satisfies readonly Level[];

/** A share so small that no series has an object in most of them is a slip. */
const MAX_PARTS = 10_000;
const MAX_AGE_MS = 3650 * 24 * 3_600_000;

const PART = /^([1-9]\d{0,14})\/([1-9]\d{0,4})$/;
const SAMPLE = /^(\d{1,3}(?:\.\d{1,6})?)%(?:@([0-9a-f]{8,64}))?$/;

/** As {@link DataSubset}; a sample may leave its seed to chance. */
export type SubsetInput =
  | Extract<DataSubset, { readonly kind: 'part' }>
  | { readonly kind: 'sample'; readonly share: number; readonly seed?: string };

/** All that the verify command is told by its user. */
export interface VerifyInputs extends AccessInputs {
  /** `all`, or see `parseVersionSelector`. */
  readonly version: string;
  readonly level: Level;
  /** Only with level `data`. Absent: everything. */
  readonly subset?: SubsetInput;
  readonly maxAge?: MaxAge;
  /** Requests in flight. */
  readonly concurrency: number;
  /** Bytes of all buffers together. */
  readonly maxMemory: number;
}

/**
 * Reads and checks every input of the verify action, in the order of its action.yml.
 * @throws InputError for the first that is refused
 */
export function parseVerifyInputs(source: InputSource, context: InputContext): VerifyInputs {
  const reader = new InputReader(source);
  const version = reader.read('version', versionsSchema);
  const level = reader.choice('level', LEVELS);
  const subset = reader.optional('data-subset', subsetSchema);
  if (subset !== undefined && level !== 'data') {
    throw refused(
      'data-subset',
      source.get('data-subset'),
      'it only goes with `level: data`: set that, or leave this out',
    );
  }
  const maxAge = reader.optional('max-age', maxAgeSchema);
  const access = readAccessInputs(reader, context);
  const concurrency = readConcurrency(reader);
  const maxMemory = readMaxMemory(reader);
  return present({ ...access, version, level, subset, maxAge, concurrency, maxMemory });
}

const versionsSchema = text((value) =>
  value === 'all' || parseVersionSelector(value).length > 0
    ? undefined
    : `it must be \`all\`, ${SELECTOR_FORMS}: write one of these`,
);

const subsetSchema = parsed(
  subsetOf,
  `it must be a share such as \`3/30\`, of at most ${MAX_PARTS}, or a percentage such as \`5%\`: write one of these`,
);

/** `n/t` goes on counting around beyond t, as workflows can number their runs but not divide. */
function subsetOf(value: string): SubsetInput | undefined {
  const [, n, t] = PART.exec(value) ?? [];
  if (n !== undefined && t !== undefined) {
    const parts = Number(t);
    return parts > MAX_PARTS ? undefined : { kind: 'part', part: ((Number(n) - 1) % parts) + 1, parts };
  }
  const [, percent, seed] = SAMPLE.exec(value) ?? [];
  const share = Number(percent) / 100;
  if (!(share > 0 && share <= 1)) return undefined;
  return { kind: 'sample', share, ...(seed !== undefined && { seed }) };
}

const maxAgeSchema = parsed((value): MaxAge | undefined => {
  const ms = parseDuration(value);
  return ms !== undefined && ms > 0 && ms <= MAX_AGE_MS ? { ms, text: value } : undefined;
}, 'it must be a number of hours, days or weeks from `1h` to `3650d`: write a little more than the time between two backups, such as `26h`');
