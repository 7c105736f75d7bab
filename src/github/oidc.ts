import { setTimeout as wait } from 'node:timers/promises';
import { getIDToken } from '@actions/core';
import { missingIdTokenPermission } from '../aws/oidc.ts';
import { BackupError, messageOf } from '../errors.ts';
import type { RunnerEnvironment } from './environment.ts';
import { mask } from './mask.ts';

const MAX_ATTEMPTS = 4;
const FIRST_DELAY_MS = 500;

/** Hands out OIDC tokens of the run; every call is a new token, which lives five minutes. */
export interface IdTokenPort {
  /**
   * @throws InputError on `role-to-assume` where the job lacks the permission
   * @throws BackupError of class `transient` or `permanent` where GitHub did not answer with one
   */
  getIdToken(audience: string): Promise<string>;
}

/**
 * The runner's OIDC tokens, masked in the log. The toolkit tries again only on 502, 503 and 504; here lost connections,
 * 429 and 500 are tried again as well.
 *
 * @param pause waits that many milliseconds before another attempt
 */
export function idTokenPort(
  environment: Pick<RunnerEnvironment, 'hasIdToken'>,
  pause: (milliseconds: number) => Promise<unknown> = wait,
): IdTokenPort {
  return {
    async getIdToken(audience) {
      if (!environment.hasIdToken) throw missingIdTokenPermission();
      const token = await withRetries(() => getIDToken(audience), pause);
      mask(token);
      return token;
    },
  };
}

async function withRetries<T>(
  request: () => Promise<T>,
  pause: (milliseconds: number) => Promise<unknown>,
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await request();
    } catch (error) {
      const failure = tokenFailure(error, attempt);
      if (!isWorthAnotherAttempt(failure) || attempt === MAX_ATTEMPTS) throw failure;
      await pause(FIRST_DELAY_MS * 2 ** (attempt - 1));
    }
  }
}

/** The toolkit puts the status only into the message, as `Error Code : 500`, or `undefined` for a lost connection. */
function tokenFailure(error: unknown, attempts: number): BackupError {
  const text = messageOf(error).replace(/\s+/g, ' ');
  const status = Number(/Error Code : (\d{3})/.exec(text)?.[1]);
  const hasStatus = Number.isInteger(status);
  return new BackupError('GitHub did not hand out an OIDC token for this run.', {
    class: !hasStatus || status === 429 || status >= 500 ? 'transient' : 'permanent',
    operation: 'GetIdToken',
    ...(hasStatus ? { httpStatus: status } : {}),
    attempts,
    cause: new Error(text.replace(/^Error message: /, '')),
  });
}

function isWorthAnotherAttempt({ details }: BackupError): boolean {
  const exhaustedByToolkit = [502, 503, 504].includes(details.httpStatus ?? 0);
  return details.class === 'transient' && !exhaustedByToolkit;
}
