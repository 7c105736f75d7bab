import { type BackupError, isClass } from '../errors.ts';
import type { ObjectKey } from '../store/object-key.ts';
import type { ObjectStore, PutOptions, StoredObject } from '../store/object-store.ts';
import { CONFLICT_RETRY, type RetryPorts, retry } from '../store/retry.ts';
import { type Claim, encodeClaim, parseClaim } from './claim.ts';
import { readDocument } from './read-document.ts';

/** Refusals by which stores say that they do not know `If-None-Match` on a PUT. */
const NOT_IMPLEMENTED_CODES = new Set(['NotImplemented', 'InvalidArgument', 'InvalidRequest', 'UnsupportedHeader']);

export interface NewClaim {
  readonly key: ObjectKey;
  readonly claim: Claim;
  readonly attributes: PutOptions;
  /** True where conditional writes are documented (Amazon S3); elsewhere they are tried out. */
  readonly conditionalWritesKnown: boolean;
}

/** `taken` by somebody else; `unsupported`: the store refuses or ignores the condition. */
export type Creation = { readonly owned: StoredObject } | 'taken' | 'unsupported';

/** Creates a claim under a key that one writer alone can have: with `If-None-Match: *`. */
export async function createClaim(
  store: ObjectStore,
  { key, claim, attributes, conditionalWritesKnown }: NewClaim,
  ports: RetryPorts,
): Promise<Creation> {
  const body = encodeClaim(claim);
  const create = () => retry(() => store.put(key, body, { ...attributes, ifAbsent: true }), ports, CONFLICT_RETRY);
  try {
    const stored = await create();
    return conditionalWritesKnown || (await isRefused(create)) ? { owned: stored } : 'unsupported';
  } catch (error) {
    if (isUnsupported(error)) return 'unsupported';
    if (!isClass(error, 'lost-race')) throw error;
    // The reply to our own PUT may have been lost and the repeat refused: the nonce tells whose claim it is.
    return (await holdsNonce(store, key, claim.nonce)) ? { owned: {} } : 'taken';
  }
}

/** The probe: creating our own claim a second time must be refused. The bytes are the same, so nothing is harmed. */
async function isRefused(createAgain: () => Promise<unknown>): Promise<boolean> {
  try {
    await createAgain();
    return false;
  } catch (error) {
    if (isClass(error, 'lost-race')) return true;
    throw error;
  }
}

async function holdsNonce(store: ObjectStore, key: ObjectKey, nonce: string): Promise<boolean> {
  try {
    return (await readDocument(store, key, parseClaim)).nonce === nonce;
  } catch (error) {
    // Gone again, or something under the key that is no claim: in either case not ours.
    if (isClass(error, 'not-found', 'permanent') && !isAccessDenied(error)) return false;
    throw error;
  }
}

function isAccessDenied(error: BackupError): boolean {
  return error.details.httpStatus === 401 || error.details.httpStatus === 403;
}

export function isUnsupported(error: unknown): boolean {
  return isClass(error, 'permanent') && NOT_IMPLEMENTED_CODES.has(error.details.code ?? '');
}
