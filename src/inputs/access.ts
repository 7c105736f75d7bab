import type { Warning } from '../log.ts';
import { isAccessPoint } from './bucket.ts';
import type { InputContext } from './context.ts';
import { type CredentialInputs, readCredentialInputs } from './credentials.ts';
import { insecureEndpoints } from './notes.ts';
import { readRetryFor } from './patience.ts';
import { type InputReader, refused } from './reader.ts';
import { oneSeries, readPlaceInputs, type SeriesRule, type StoreInputs } from './store.ts';

/** What every command is told. */
export interface AccessInputs {
  readonly store: StoreInputs;
  readonly credentials: CredentialInputs;
  /** How long an operation is tried again, from its first failure on; milliseconds. */
  readonly retryForMs: number;
  /** What is allowed but probably not meant, to be warned of. */
  readonly notes: readonly Warning[];
}

/**
 * Where a series is and as whom it is reached, as every command but backup is told it.
 * @param series what the input `name` may be
 * @throws InputError
 */
export function readAccessInputs(
  reader: InputReader,
  context: InputContext,
  series: SeriesRule = oneSeries,
): AccessInputs {
  const store = readPlaceInputs(reader, context, series);
  const credentials = readCredentialInputs(reader);
  const retryForMs = readRetryFor(reader);
  checkAccess(store, credentials);
  return { store, credentials, retryForMs, notes: insecureEndpoints([store.endpoint, credentials.stsEndpoint]) };
}

/**
 * IAM judges requests through an access point by the bucket behind it, whose name is not known here.
 * @throws InputError for a session policy that cannot be made
 */
export function checkAccess({ bucket }: StoreInputs, credentials: CredentialInputs): void {
  const { roleToAssume, roleChain, sessionPolicy } = credentials;
  const hasSession = roleToAssume !== undefined || roleChain !== undefined;
  if (hasSession && sessionPolicy === 'auto' && isAccessPoint(bucket)) {
    throw refused(
      'session-policy',
      sessionPolicy,
      'a session policy cannot be made for an access point: set it to `none`',
    );
  }
}
