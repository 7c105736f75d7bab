import { createHash } from 'node:crypto';
import { z } from 'zod';
import { BackupError, DAMAGED } from '../errors.ts';
import type { ObjectLock } from '../store/object-store.ts';
import { decodeDocument, encodeDocument, FORMAT, formatField } from './json.ts';
import type { RunInfo, Totals, VersionType } from './model.ts';
import { type Receipt, receiptSchema } from './receipt.ts';
import { runInfoSchema } from './run-info.ts';
import { parseVersionId } from './version-id.ts';

/** Where the index is and how to know it is the right one. */
export interface IndexReference {
  /** Relative to the series' prefix. */
  readonly key: string;
  /** Of the object as stored, compressed. */
  readonly bytes: number;
  /** Of the object as stored, 64 hex digits. */
  readonly sha256: string;
  /** Lines. */
  readonly entries: number;
}

/** A pack as it is stored. */
export interface PackReference {
  /** Relative to the series' prefix; of an older version where this one leans on it. */
  readonly key: string;
  readonly bytes: number;
  /** 64 hex digits. */
  readonly sha256: string;
  /** Of the files that were in it when it was written: each entry that refers to it counted with its size. */
  readonly contentBytes?: number;
  /** Of the files of this version that are in it, counted in the same way. */
  readonly liveBytes?: number;
  readonly receipt?: Receipt;
}

/** A lock as the record has it. */
export type RecordedLock = Omit<ObjectLock, 'retainUntil'> & {
  /** RFC 3339 */
  readonly retainUntil?: string;
};

/** The small immutable object written last. A version exists if and only if its record exists. */
export interface VersionRecord {
  readonly format: typeof FORMAT;
  readonly id: string;
  readonly series: string;
  readonly number: number;
  readonly type: VersionType;
  /** RFC 3339, the store's clock when the version was claimed; the same instant as in the ID. */
  readonly time: string;
  /** RFC 3339, the store's clock when the record was written. */
  readonly committed: string;
  /** Random, 32 hex digits: the nonce of the claim. */
  readonly nonce: string;
  /** The form of the claim, so that a change of it shows. */
  readonly form?: string;
  readonly run: RunInfo;
  /** The user's tags, untouched. */
  readonly tags: Readonly<Record<string, string>>;
  /** The patterns as they were given, and the path of what the output of a command became. */
  readonly selection: { readonly path: readonly string[]; readonly output?: string };
  readonly totals: Totals;
  readonly index: IndexReference;
  /** Every pack the index refers to, those of older versions too: the record says all there is to know of its objects. */
  readonly packs: readonly PackReference[];
  /** IDs of other versions whose objects the index refers to; empty for a full version. */
  readonly leansOn: readonly string[];
  /** How everything the index refers to is locked at least, objects of older versions too. Absent: not by this version. */
  readonly lock?: RecordedLock;
  /** What wrote it: name and version. */
  readonly tool: { readonly name: string; readonly version: string };
}

const count = z.int().nonnegative();
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

const recordSchema = z.object({
  format: formatField,
  id: z.string(),
  series: z.string(),
  number: z.int().positive(),
  type: z.enum(['full', 'incremental']),
  time: z.iso.datetime(),
  committed: z.iso.datetime(),
  nonce: z.string(),
  form: z.string().exactOptional(),
  run: runInfoSchema,
  tags: z.record(z.string(), z.string()),
  selection: z.object({ path: z.array(z.string()), output: z.string().exactOptional() }),
  totals: z.object({ files: count, symlinks: count, directories: count, bytes: count }),
  index: z.object({ key: z.string(), bytes: count, sha256, entries: count }),
  packs: z.array(
    z.object({
      key: z.string(),
      bytes: count,
      sha256,
      receipt: receiptSchema.exactOptional(),
      contentBytes: count.exactOptional(),
      liveBytes: count.exactOptional(),
    }),
  ),
  leansOn: z.array(z.string()),
  lock: z
    .object({
      mode: z.enum(['GOVERNANCE', 'COMPLIANCE']).exactOptional(),
      retainUntil: z.iso.datetime().exactOptional(),
      legalHold: z.boolean(),
    })
    .exactOptional(),
  tool: z.object({ name: z.string(), version: z.string() }),
});

/** The last field, as `encodeDocument` writes it; what is before it is the document without it. */
const DIGEST = /,\n {2}"sha256": "([0-9a-f]{64})"\n\}\n$/;

/** The last field is the SHA-256 of the document without it: `jq 'del(.sha256)' | sha256sum`. */
export function encodeRecord(record: Omit<VersionRecord, 'format'>): Uint8Array {
  const document = { format: FORMAT, ...record };
  return encodeDocument({ ...document, sha256: digestOf(encodeDocument(document)) });
}

/**
 * Why the bytes of a record are not as they were written.
 * @returns reads on after a colon
 */
export function digestProblem(bytes: Uint8Array): string | undefined {
  const text = Buffer.from(bytes).toString('utf8');
  const [end, digest] = DIGEST.exec(text) ?? [];
  if (end === undefined) return 'its digest of itself is not at its end';
  return digestOf(Buffer.from(`${text.slice(0, -end.length)}\n}\n`)) === digest
    ? undefined
    : 'it is not what its digest of itself says';
}

function digestOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/**
 * @param id the ID in the key the bytes came from; a record that says otherwise is not trusted
 * @throws BackupError of class `permanent` for bytes that are no record this code can read
 */
export function parseRecord(bytes: Uint8Array, key: string, id: string): VersionRecord {
  const record = decodeDocument<VersionRecord>(bytes, recordSchema, 'record', key);
  if (!describes(record, id)) {
    throw new BackupError(`The record ${JSON.stringify(key)} cannot be used: it says it is another version.`, {
      class: 'permanent',
      operation: 'read record',
      key,
      code: DAMAGED,
      expected: id,
      found: record.id,
    });
  }
  return record;
}

/** Number, type, time and series stand in the ID and once more in the record: they have to agree. */
function describes(record: VersionRecord, id: string): boolean {
  const parts = parseVersionId(id);
  return (
    record.id === id &&
    parts !== undefined &&
    record.series === parts.series &&
    record.number === parts.number &&
    record.type === parts.type &&
    Date.parse(record.time) === parts.time.getTime()
  );
}
