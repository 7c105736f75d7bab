import type { FullEvery } from '../series/full-every.ts';
import { parsed, present } from './fields.ts';
import { parseDuration } from './quantities.ts';
import type { InputReader } from './reader.ts';

/** More versions than six digits number. */
const MAX_VERSIONS = 999_999;
const MAX_AGE_MS = 3650 * 24 * 3_600_000;

/** What of the selected files is sent. */
export interface IncrementalInputs {
  /** `auto`: only what the version before does not have, with a full version every so often. */
  readonly mode: 'auto' | 'off' | 'always';
  /** Without a limit where only the first version is to be full. */
  readonly fullEvery: FullEvery;
  /** `stat`: files whose size, mtime, ctime and inode are as they were are not read. */
  readonly changeDetection: 'content' | 'stat';
  /** Share of a pack, 0 to 1: what is left of a pack of which less is in use is packed anew. */
  readonly repackBelow: number;
}

/** @throws InputError */
export function readIncrementalInputs(reader: InputReader): IncrementalInputs {
  return {
    mode: reader.choice('incremental', ['auto', 'off', 'always']),
    fullEvery: reader.read('full-every', fullEverySchema),
    changeDetection: reader.choice('change-detection', ['content', 'stat']),
    repackBelow: reader.read('repack-below', repackBelowSchema),
  };
}

const fullEverySchema = parsed(
  parseFullEvery,
  'it must be a number of versions, a time such as `30d`, both with a comma between them, or `never`: write, for example, `7, 30d`',
);

const repackBelowSchema = parsed((value) => {
  const [, digits] = /^(\d{1,3}) ?%$/.exec(value) ?? [];
  const percent = digits === undefined ? undefined : Number(digits);
  return percent !== undefined && percent <= 100 ? percent / 100 : undefined;
}, 'it must be a percentage from `0%` to `100%`: write, for example, `30%`');

/** `7`, `30d`, `7, 30d` or `never`; else undefined. */
function parseFullEvery(text: string): FullEvery | undefined {
  if (text === 'never') return {};
  const parts = text.split(',').map((part) => part.trim());
  const versions = parts.map(parseVersions).filter((value) => value !== undefined);
  const ages = parts.map(parseAge).filter((value) => value !== undefined);
  const isUnderstood = versions.length <= 1 && ages.length <= 1 && versions.length + ages.length === parts.length;
  return isUnderstood ? present({ versions: versions[0], ageMs: ages[0] }) : undefined;
}

function parseVersions(text: string): number | undefined {
  const number = /^\d{1,6}$/.test(text) ? Number(text) : 0;
  return number >= 1 && number <= MAX_VERSIONS ? number : undefined;
}

function parseAge(text: string): number | undefined {
  const age = parseDuration(text) ?? 0;
  return age > 0 && age <= MAX_AGE_MS ? age : undefined;
}
