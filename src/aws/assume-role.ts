import { setTimeout as delay } from 'node:timers/promises';
import { fromTemporaryCredentials, fromWebToken } from '@aws-sdk/credential-providers';
import { BackupError, InputError, isClass, messageOf } from '../errors.ts';
import type { Log } from '../log.ts';
import type { RoleArn } from './arn.ts';
import { type AssumeAttempt, type AssumeFailureKind, assumeError, assumeFailureKind } from './assume-error.ts';
import { retrySkewOnlyWhereRefused, watchHttp } from './client-plugins.ts';
import { type StsOptions, stsClientConfig, stsUrl } from './clients.ts';
import type { CredentialProvider, CredentialSource, Credentials } from './credential-types.ts';
import { decodeClaims, type IdTokenClaims, isMissingIdTokenPermission, missingIdTokenPermission } from './oidc.ts';
import type { StoreClock } from './store-clock.ts';

/** IAM User Guide, "Role chaining": a session got by a session lives one hour at most, whatever the role allows. */
export const MAX_CHAINED_SECONDS = 3600;

/** How often a role is asked for, each time with a fresh ID token, by what the last failure was. */
const ATTEMPTS: Readonly<Record<AssumeFailureKind, number>> = { transient: 5, denied: 3, permanent: 1 };
const BACKOFF_BASE_MS = 500;
const BACKOFF_CAP_MS = 8000;

/** Fetches an ID token of this job for an audience; a new one at each call, as a token lives for minutes. */
export type GetIdToken = (audience: string) => Promise<string>;

/** What both ways to assume a role have in common. */
export interface AssumeOptions {
  readonly role: RoleArn;
  readonly sessionName: string;
  readonly durationSeconds: number;
  /** Inline session policy, JSON. */
  readonly policy?: string;
  readonly sts: StsOptions;
  /** Is told the time of STS. */
  readonly clock: StoreClock;
  readonly log: Log;
  readonly sleep?: (ms: number) => Promise<unknown>;
}

/** A role assumed with the job's own ID token, which never leaves this process but for STS. */
export function webIdentitySource(
  options: AssumeOptions & { readonly audience: string; readonly getIdToken: GetIdToken },
): CredentialSource {
  const { role, audience, sessionName, durationSeconds, policy } = options;
  const clientConfig = stsClientConfig(options.sts);
  return async () => {
    let claims: IdTokenClaims | undefined;
    const assume = async (): Promise<Credentials> => {
      const webIdentityToken = await fetchIdToken(options.getIdToken, audience);
      claims = decodeClaims(webIdentityToken);
      return fromWebToken({
        roleArn: role.arn,
        webIdentityToken,
        roleSessionName: sessionName,
        durationSeconds,
        ...(policy !== undefined && { policy }),
        clientConfig,
        clientPlugins: [watchHttp({ clock: options.clock })],
      })();
    };
    return tryToAssume(assume, options, () => ({
      ...attemptOf(options, 'role-to-assume'),
      token: { audience, ...(claims && { claims }) },
    }));
  };
}

/** A second role, assumed with the session (or keys) of the first. */
export function chainedSource(
  options: AssumeOptions & {
    readonly externalId?: string;
    readonly from?: RoleArn;
    readonly credentials: CredentialProvider;
  },
): CredentialSource {
  const { role, sessionName, policy, externalId, from } = options;
  const durationSeconds = Math.min(options.durationSeconds, MAX_CHAINED_SECONDS);
  if (durationSeconds < options.durationSeconds) {
    options.log.info(`A chained role lives for one hour at most: ${role.arn} is refreshed every hour.`);
  }
  const provider = fromTemporaryCredentials({
    masterCredentials: options.credentials,
    params: {
      RoleArn: role.arn,
      RoleSessionName: sessionName,
      DurationSeconds: durationSeconds,
      ...(policy !== undefined && { Policy: policy }),
      ...(externalId !== undefined && { ExternalId: externalId }),
    },
    clientConfig: stsClientConfig(options.sts),
    clientPlugins: [watchHttp({ clock: options.clock }), retrySkewOnlyWhereRefused],
  });
  return () =>
    tryToAssume(
      () => provider(),
      options,
      () => ({
        ...attemptOf({ ...options, durationSeconds }, 'role-chain'),
        chain: { ...(from && { from: from.arn }), externalId: externalId !== undefined },
      }),
    );
}

function attemptOf(options: AssumeOptions, input: AssumeAttempt['input']): AssumeAttempt {
  const { role, durationSeconds, sts } = options;
  return { role, input, durationSeconds, stsHost: stsUrl(sts).host };
}

/** Asks until it works or the kind of failure says that it will not; waits longer after each failure, by chance. */
async function tryToAssume(
  assume: () => Promise<Credentials>,
  { sleep = delay, log, role }: AssumeOptions,
  describe: () => AssumeAttempt,
): Promise<Credentials> {
  for (let attempt = 1; ; attempt++) {
    try {
      const credentials = await assume();
      log.debug(`Assumed ${role.arn}; the session lives until ${credentials.expiration?.toISOString() ?? 'it ends'}.`);
      return credentials;
    } catch (error) {
      if (attempt >= ATTEMPTS[assumeFailureKind(error)]) throw assumeError(error, describe());
      log.debug(`Assuming ${role.arn} failed (attempt ${attempt}), trying again: ${messageOf(error)}`);
      await sleep(Math.random() * Math.min(BACKOFF_BASE_MS * 2 ** attempt, BACKOFF_CAP_MS));
    }
  }
}

async function fetchIdToken(getIdToken: GetIdToken, audience: string): Promise<string> {
  try {
    return await getIdToken(audience);
  } catch (error) {
    if (error instanceof InputError) throw error;
    if (isMissingIdTokenPermission(error)) throw missingIdTokenPermission(error);
    throw new BackupError(
      `GitHub gave out no ID token for the audience ${JSON.stringify(audience)}: ${messageOf(error)}`,
      {
        class: isClass(error, 'permanent') ? 'permanent' : 'transient',
        operation: 'get ID token',
        cause: error,
      },
    );
  }
}
