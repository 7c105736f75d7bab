import type { VersionFacts } from '../../retention/types.ts';
import type { ListedClaim } from '../../series/catalogue.ts';
import { parseClaim } from '../../series/claim.ts';
import { MAX_DOCUMENT_BYTES } from '../../series/json.ts';
import { digestProblem, parseRecord, type VersionRecord } from '../../series/record.ts';
import { objectKey } from '../../store/object-key.ts';
import { readSmall } from '../../store/read-small.ts';
import { bytesProblem, claimProblem, recordProblem } from '../../verification/document-problem.ts';
import { faultOf } from '../../verification/fault.ts';
import type { Damage, DamageKind } from '../../verification/types.ts';
import type { VerifyContext } from './request.ts';

export interface ReadVersion {
  readonly version: VersionFacts;
  /** Absent where it cannot be read. */
  readonly record?: VersionRecord;
  /** Of record and claim. */
  readonly damages: readonly Damage[];
}

type Context = Pick<VerifyContext, 'request' | 'reader' | 'log'>;

/** Reads the record of a version and compares it with its key, with its own form, and with the claim. */
export async function readVersion(
  version: VersionFacts,
  claims: readonly ListedClaim[],
  context: Context,
): Promise<ReadVersion> {
  const { keys } = context.request;
  const key = keys.record(version.id);
  const read = await readDocument(key, 'record', version.id, context, (bytes) => {
    const record = parseRecord(bytes, key, version.id);
    return { document: record, problem: digestProblem(bytes) ?? recordProblem(record, version, keys.location.series) };
  });
  if (read.document === undefined) return { version, damages: read.damages };
  const ofClaim = await checkClaim(read.document, claims, context);
  return { version, record: read.document, damages: [...read.damages, ...ofClaim] };
}

/** A claim that is gone is worth a note only: a version that is committed needs it no more. */
async function checkClaim(
  record: VersionRecord,
  claims: readonly ListedClaim[],
  context: Context,
): Promise<readonly Damage[]> {
  const { id, number, nonce } = record;
  const { keys } = context.request;
  const candidates = claims.filter((claim) => claim.number === number);
  // Of several attempts it is the one that has written the index.
  const { turn } = keys.splitTurn(id, `${keys.base}${record.index.key}`);
  const claim =
    candidates.find((candidate) => candidate.nonce === nonce) ??
    candidates.find((candidate) => isNumbered(candidate) && (candidate.turn ?? 1) === turn);
  if (claim === undefined) {
    context.log.warn({
      kind: 'claim-missing',
      message: 'Versions have no claim any more: nothing of them is lost, but no backup or prune took it away.',
      subject: id,
    });
    return [];
  }
  const read = await readDocument(claim.key, 'claim', id, context, (bytes) => {
    const document = parseClaim(bytes, claim.key);
    return { document, problem: claimProblem(document, record) };
  });
  return read.damages;
}

/** In stores with conditional writes the number is all there is in the key. */
function isNumbered({ nonce }: ListedClaim): boolean {
  return nonce === undefined;
}

interface ReadDocument<T> {
  readonly document?: T;
  readonly damages: readonly Damage[];
}

type Parse<T> = (bytes: Uint8Array) => { readonly document: T; readonly problem: string | undefined };

/** What is wrong may have come about on the way: then it is read once more. */
async function readDocument<T>(
  key: string,
  kind: DamageKind,
  id: string,
  context: Context,
  parse: Parse<T>,
): Promise<ReadDocument<T>> {
  const first = await readOnce(key, kind, id, context, parse);
  return first.damages.length === 0 ? first : readOnce(key, kind, id, context, parse);
}

async function readOnce<T>(
  key: string,
  kind: DamageKind,
  id: string,
  { reader }: Context,
  parse: Parse<T>,
): Promise<ReadDocument<T>> {
  try {
    const bytes = await readSmall(reader, objectKey(key), MAX_DOCUMENT_BYTES);
    const { document, problem = bytesProblem(bytes) } = parse(bytes);
    return { document, damages: problem === undefined ? [] : [{ key, kind, problem, versions: [id] }] };
  } catch (error) {
    const fault = faultOf(error, kind);
    if (fault === undefined) throw error;
    return { damages: [{ key, ...fault, kind, versions: [id] }] };
  }
}
