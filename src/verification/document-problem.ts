import { isDeepStrictEqual } from 'node:util';
import type { VersionFacts } from '../retention/types.ts';
import type { Claim } from '../series/claim.ts';
import { encodeDocument } from '../series/json.ts';
import type { Totals } from '../series/model.ts';
import type { VersionRecord } from '../series/record.ts';
import { parseVersionId } from '../series/version-id.ts';

/** What a claim says and its record repeats. */
const SHARED_FIELDS = ['id', 'number', 'nonce', 'form', 'run'] as const;

/**
 * Why the bytes of a document are not as this tool writes them, though they can be read: a changed space, a field twice.
 *
 * @param bytes JSON
 * @returns reads on after a colon
 */
export function bytesProblem(bytes: Uint8Array): string | undefined {
  const written = encodeDocument(JSON.parse(Buffer.from(bytes).toString('utf8')));
  return Buffer.compare(bytes, written) === 0 ? undefined : 'its bytes are not as they were written';
}

/**
 * Why a record is not that of the version its key names.
 * @returns reads on after a colon
 */
export function recordProblem(record: VersionRecord, version: VersionFacts, series: string): string | undefined {
  const facts = { series, number: version.number, type: version.type, time: version.time.toISOString() };
  const wrong = Object.entries(facts).find(([name, value]) => Reflect.get(record, name) !== value);
  return (
    wrong && `its \`${wrong[0]}\` is ${JSON.stringify(Reflect.get(record, wrong[0]))}, but its key says ${wrong[1]}`
  );
}

/**
 * Where a claim and the record of the version tell different stories.
 * @returns reads on after a colon
 */
export function claimProblem(claim: Claim, record: VersionRecord): string | undefined {
  const wrong = SHARED_FIELDS.find((name) => !isDeepStrictEqual(claim[name], record[name]));
  if (wrong !== undefined) return `its \`${wrong}\` is not that of the record`;
  return leansOnFits(claim, record) ? undefined : 'its `leansOn` does not fit that of the record';
}

/** The claim names all that may come to be referred to, the record what is; of a full version that is nothing. */
function leansOnFits(claim: Claim, record: VersionRecord): boolean {
  const isAnyAllowed = record.type === 'incremental';
  return (
    (isAnyAllowed || claim.leansOn.length === 0) &&
    claim.leansOn.every((id) => parseVersionId(id)?.series === record.series) &&
    record.leansOn.every((id) => claim.leansOn.includes(id))
  );
}

/**
 * Where a record counts other entries than its index has.
 * @returns reads on after a colon
 */
export function totalsProblem({ totals }: VersionRecord, found: Totals): string | undefined {
  const names = ['files', 'symlinks', 'directories', 'bytes'] as const;
  const wrong = names.find((name) => totals[name] !== found[name]);
  return wrong && `it counts ${totals[wrong]} ${wrong}, but the index has ${found[wrong]}`;
}
