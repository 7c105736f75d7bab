import { fromNodeProviderChain } from '@aws-sdk/credential-providers';
import { InputError, messageOf } from '../errors.ts';
import type { Log } from '../log.ts';
import type { RoleArn } from './arn.ts';
import { type AssumeOptions, chainedSource, type GetIdToken, webIdentitySource } from './assume-role.ts';
import { type StsOptions, stsClientConfig } from './clients.ts';
import type { CredentialSource } from './credential-types.ts';
import { RefreshingCredentials } from './refreshing-credentials.ts';
import { DATE_HEADER_GRANULARITY_MS, StoreClock } from './store-clock.ts';

export interface CredentialOptions {
  /** Assumed with the job's ID token. Absent: the SDK's default chain (environment, files, container, instance). */
  readonly role?: { readonly arn: RoleArn; readonly audience: string; readonly getIdToken: GetIdToken };
  /** Assumed with what the above gave. */
  readonly chain?: { readonly arn: RoleArn; readonly externalId?: string };
  /** Profile of the shared files for the default chain; default: `AWS_PROFILE`, as the SDK reads it. */
  readonly profile?: string;
  readonly sessionName: string;
  readonly durationSeconds: number;
  /** Inline policy (JSON) for the last session: the first of a chain needs sts:AssumeRole instead. */
  readonly sessionPolicy?: string;
  readonly sts: StsOptions;
  readonly log: Log;
  /** Told every secret key and session token, to keep them out of logs. */
  readonly onSecret: (value: string) => void;
  /** For tests. */
  readonly sleep?: AssumeOptions['sleep'];
  /** Milliseconds from any origin, never set back. For tests. */
  readonly monotonic?: () => number;
}

/**
 * The credentials of one command: for this process only, nothing of them is exported to the job.
 *
 * Expirations are judged by the clock of STS as its replies tell it, so that a wrong clock on this machine neither
 * ends a session early nor keeps it too long.
 */
export function createCredentials(options: CredentialOptions): RefreshingCredentials {
  const clock = new StoreClock(options.monotonic);
  const now = () => (clock.isSet ? clock.now().getTime() + DATE_HEADER_GRANULARITY_MS : Date.now());
  const { log, onSecret } = options;
  const first = new RefreshingCredentials({ source: firstSource(options, clock), now, log, onSecret });
  if (options.chain === undefined) return first;
  const { arn: role, externalId } = options.chain;
  const source = chainedSource({
    ...assumeOptions(options, role, clock, true),
    credentials: first.provide,
    ...(options.role && { from: options.role.arn }),
    ...(externalId !== undefined && { externalId }),
  });
  return new RefreshingCredentials({ source, now, log, onSecret });
}

function firstSource(options: CredentialOptions, clock: StoreClock): CredentialSource {
  if (options.role === undefined) return defaultChain(options);
  const { arn: role, audience, getIdToken } = options.role;
  return webIdentitySource({
    ...assumeOptions(options, role, clock, options.chain === undefined),
    audience,
    getIdToken,
  });
}

function assumeOptions(options: CredentialOptions, role: RoleArn, clock: StoreClock, last: boolean): AssumeOptions {
  const { sessionName, durationSeconds, sessionPolicy, sts, log, sleep } = options;
  return {
    role,
    sessionName,
    durationSeconds,
    sts: { ...sts, partition: role.partition },
    clock,
    log,
    ...(last && sessionPolicy !== undefined && { policy: sessionPolicy }),
    ...(sleep && { sleep }),
  };
}

function defaultChain({ profile, sts }: CredentialOptions): CredentialSource {
  const { region, requestHandler } = stsClientConfig(sts);
  // As the parent's settings: a profile's own region, and its own endpoints, come first.
  const chain = fromNodeProviderChain({
    parentClientConfig: { region, requestHandler },
    ...(profile !== undefined && { profile }),
  });
  return async ({ forced }) => {
    try {
      return await chain({ forceRefresh: forced });
    } catch (error) {
      throw new InputError(
        'role-to-assume',
        `role-to-assume is not set, and no other AWS credentials were found (${messageOf(error).replace(/[.\s]+$/, '')}): ` +
          'set role-to-assume, or give credentials by the environment, a profile, the container or the instance.',
        { operation: 'find credentials' },
      );
    }
  };
}
