import type { S3Client } from '@aws-sdk/client-s3';
import type { DirectClient } from '../../aws/direct-client.ts';
import type { BackupError } from '../../errors.ts';
import { unlessAborted } from '../../unless-aborted.ts';
import type { RequestKind, Resilience } from '../resilience.ts';
import type { RetryPorts } from '../retry.ts';

/** What a request was about, for the error it may end in. */
export interface RequestSubject extends RequestKind {
  readonly key?: string;
}

/** Server-side encryption of every object. */
export interface Encryption {
  readonly algorithm: 'AES256' | 'aws:kms' | 'aws:kms:dsse';
  /** Only with `aws:kms` and `aws:kms:dsse`; absent: the account's default key. */
  readonly kmsKeyId?: string;
}

/** Everything the adapter needs from the AWS edge; made by `aws/`. */
export interface S3ConnectionOptions {
  /** Sends every request once; what is worth another try is the business of {@link resilience}. */
  readonly client: S3Client;
  readonly resilience: Resilience;
  /** The thin way for objects and parts. Never tries again by itself. */
  readonly direct: DirectClient;
  readonly bucket: string;
  /** Amazon S3 itself: all features are known to be there. */
  readonly isAmazon: boolean;
  readonly expectedBucketOwner?: string;
  readonly encryption?: Encryption;
  readonly clock: { now(): Date };
  /** Asked for before each try; renews the credentials of that try, unless that has happened since. */
  readonly credentialRenewal: () => () => Promise<void>;
  readonly toError: (error: unknown, subject: RequestSubject) => BackupError;
  /** Ends all requests but those that abort uploads. */
  readonly signal: AbortSignal;
  readonly retry: RetryPorts;
}

/** How long after a cancellation a reply is awaited that names something to clean up: the runner kills after 10 s. */
const LATE_REPLY_MS = 2_500;

/** How long after a cancellation it may be cleaned up: the runner wants a step to be out 7.5 s after SIGINT. */
const CLEAN_UP_MS = 5_000;

/** Fresh credentials are refused again only if something else is wrong. */
const MAX_REFRESHES = 2;

/** How a request is sent; what is absent is the usual way. */
export interface SendOptions {
  /** False: once, for callers who repeat it themselves. */
  readonly again?: boolean;
  /** Ends it in the place of the connection's. */
  readonly signal?: AbortSignal;
}

/**
 * Sends requests for one bucket: when the store takes them, and again while that may help. Every failure becomes a
 * `BackupError`, and expired credentials are renewed on the way.
 */
export class S3Connection {
  readonly options: S3ConnectionOptions;
  /** Follows the connection's signal by a moment: for requests whose effect has to be undone after a cancellation. */
  readonly lateSignal: AbortSignal;
  /** Follows it later, when it is time to leave: one moment for all that is undone. */
  readonly cleanUpSignal: AbortSignal;
  /** Goes into every request. */
  readonly target: { readonly Bucket: string; readonly ExpectedBucketOwner?: string };
  readonly encryption: { readonly ServerSideEncryption?: Encryption['algorithm']; readonly SSEKMSKeyId?: string };

  constructor(options: S3ConnectionOptions) {
    this.options = options;
    this.lateSignal = delayed(options.signal, LATE_REPLY_MS);
    this.cleanUpSignal = delayed(options.signal, CLEAN_UP_MS);
    const { bucket, expectedBucketOwner, encryption } = options;
    this.target = { Bucket: bucket, ...(expectedBucketOwner && { ExpectedBucketOwner: expectedBucketOwner }) };
    this.encryption = {
      ...(encryption && { ServerSideEncryption: encryption.algorithm }),
      ...(encryption?.kmsKeyId && { SSEKMSKeyId: encryption.kmsKeyId }),
    };
  }

  /** @param call makes the command anew for every try: signed requests are not sent twice */
  send<T>(
    subject: RequestSubject,
    call: (client: S3Client, options: { abortSignal: AbortSignal }) => Promise<T>,
    options: SendOptions = {},
  ): Promise<T> {
    return this.#sent(subject, (abortSignal) => call(this.options.client, { abortSignal }), options);
  }

  /** As {@link send}, by the direct client; `call` sends one request, once. */
  sendDirect<T>(
    subject: RequestSubject,
    call: (client: DirectClient, signal: AbortSignal) => Promise<T>,
    options: SendOptions = {},
  ): Promise<T> {
    return this.#sent(subject, (signal) => call(this.options.direct, signal), options);
  }

  #sent<T>(
    subject: RequestSubject,
    call: (signal: AbortSignal) => Promise<T>,
    { again = true, signal = this.options.signal }: SendOptions,
  ): Promise<T> {
    const once = () => call(signal);
    const renewing = () => this.#renewing(subject, signal, once);
    return unlessAborted(() => this.options.resilience.run(subject, renewing, again), signal);
  }

  async #renewing<T>(subject: RequestSubject, signal: AbortSignal, once: () => Promise<T>): Promise<T> {
    for (let refreshes = 0; ; refreshes++) {
      const renew = this.options.credentialRenewal();
      try {
        return await unlessAborted(once, signal);
      } catch (cause) {
        // Its own end is no failure that could be tried again.
        signal.throwIfAborted();
        const error = this.toError(cause, subject);
        if (error.class !== 'expired' || refreshes === MAX_REFRESHES) throw error;
        await renew();
      }
    }
  }

  toError(cause: unknown, subject: RequestSubject): BackupError {
    this.options.signal.throwIfAborted();
    return this.options.toError(cause, subject);
  }
}

function delayed(signal: AbortSignal, ms: number): AbortSignal {
  const late = new AbortController();
  const abort = () => setTimeout(() => late.abort(signal.reason), ms).unref();
  signal.addEventListener('abort', abort, { once: true });
  return late.signal;
}
