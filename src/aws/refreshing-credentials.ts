import { messageOf } from '../errors.ts';
import type { Log } from '../log.ts';
import type { CredentialProvider, CredentialSource, Credentials } from './credential-types.ts';

/** Refresh when less than this is left … */
const REFRESH_WINDOW_MS = 300_000;
/** … or less than this part of the session's life, whichever is shorter: sessions may live for seconds only. */
const REFRESH_WINDOW_SHARE = 0.25;
/** So near the end a request waits for the refresh instead of using what may expire on its way. */
const LAST_MOMENT_MS = 30_000;
const LAST_MOMENT_SHARE = 0.05;
/** After a failed refresh the next one comes no sooner, or at a quarter of what is left. */
const RETRY_PAUSE_MS = 15_000;
const RETRY_PAUSE_SHARE = 0.25;

/** A session in use; all instants in milliseconds of the clock handed in. */
interface Session {
  readonly credentials: Credentials;
  /** Infinity for keys that do not expire. */
  readonly expiresAt: number;
  readonly refreshAt: number;
  readonly lastMomentAt: number;
}

export interface RefreshOptions {
  readonly source: CredentialSource;
  /** The issuer's time in milliseconds since 1970, as expirations are given in it. */
  readonly now: () => number;
  readonly log: Log;
  /** Told the secret parts of every new session before they are used. */
  readonly onSecret: (value: string) => void;
}

/**
 * Keeps one session for all clients and renews it in time.
 *
 * - While the session is young nothing is asked of the source.
 * - Near its end it is renewed behind the scenes and stays in use meanwhile; only at the last moment requests wait.
 * - A refresh that fails does no harm while the session lives: it is said in a warning and tried again.
 * - One refresh at a time, whoever asks.
 */
export class RefreshingCredentials {
  readonly #source: CredentialSource;
  readonly #now: () => number;
  readonly #log: Log;
  readonly #onSecret: RefreshOptions['onSecret'];
  #session: Session | undefined;
  #pending: Promise<Credentials> | undefined;
  #nextTryAt = Number.NEGATIVE_INFINITY;

  /**
   * For the SDK's `credentials` option.
   * @throws whatever the source threw, if there is no session alive to fall back on
   */
  readonly provide: CredentialProvider = Object.assign(() => this.#current(), { memoized: true as const });

  constructor({ source, now, log, onSecret }: RefreshOptions) {
    this.#source = source;
    this.#now = now;
    this.#log = log;
    this.#onSecret = onSecret;
  }

  /**
   * To be asked for before a request is made, for a store that says the session has expired although it seems alive.
   *
   * @returns gets a new session, unless that has happened since: requests that fail together ask for one, not for one
   *   each. Throws whatever the source threw.
   */
  renewal(): () => Promise<void> {
    const session = this.#session;
    return async () => {
      if (this.#session === session) await this.#refresh(true);
    };
  }

  async #current(): Promise<Credentials> {
    const session = this.#session;
    if (session === undefined) return this.#refresh();
    const now = this.#now();
    if (now < session.refreshAt || (now < session.expiresAt && now < this.#nextTryAt)) return session.credentials;
    const renewed = this.#refresh().catch((error: unknown) => this.#fallBack(error, session));
    if (now >= session.lastMomentAt) return renewed;
    // Nobody waits for it, so nobody would hear of a failure; whoever comes after the expiry meets it again.
    renewed.catch(() => undefined);
    return session.credentials;
  }

  #fallBack(error: unknown, session: Session): Credentials {
    if (this.#now() < session.expiresAt) return session.credentials;
    throw error;
  }

  #refresh(forced = false): Promise<Credentials> {
    this.#pending ??= this.#renew(forced).finally(() => {
      this.#pending = undefined;
    });
    return this.#pending;
  }

  async #renew(forced: boolean): Promise<Credentials> {
    try {
      const credentials = await this.#source({ forced });
      this.#onSecret(credentials.secretAccessKey);
      if (credentials.sessionToken !== undefined) this.#onSecret(credentials.sessionToken);
      this.#session = sessionOf(credentials, this.#now());
      this.#nextTryAt = Number.NEGATIVE_INFINITY;
      return credentials;
    } catch (error) {
      this.#tolerate(error);
      throw error;
    }
  }

  #tolerate(error: unknown): void {
    const now = this.#now();
    const left = (this.#session?.expiresAt ?? now) - now;
    if (left <= 0) return;
    this.#nextTryAt = now + Math.min(RETRY_PAUSE_MS, left * RETRY_PAUSE_SHARE);
    this.#log.warn({
      kind: 'credential-refresh',
      message:
        'The AWS credentials could not be refreshed in time; those in use are still valid, and it is tried again.',
      reason: messageOf(error),
    });
  }
}

function sessionOf(credentials: Credentials, now: number): Session {
  const expiresAt = credentials.expiration?.getTime() ?? Number.POSITIVE_INFINITY;
  const lifetime = Math.max(expiresAt - now, 0);
  return {
    credentials,
    expiresAt,
    refreshAt: expiresAt - Math.min(REFRESH_WINDOW_MS, lifetime * REFRESH_WINDOW_SHARE),
    lastMomentAt: expiresAt - Math.min(LAST_MOMENT_MS, lifetime * LAST_MOMENT_SHARE),
  };
}
