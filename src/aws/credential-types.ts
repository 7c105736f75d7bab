import type { fromNodeProviderChain } from '@aws-sdk/credential-providers';

/** Keys of a user or of a session; with an expiration if they have one. */
export type Credentials = Awaited<ReturnType<ReturnType<typeof fromNodeProviderChain>>>;

/**
 * What an SDK client takes. `memoized` tells the client to ask for each request and to keep nothing itself, so that
 * there is one place that decides when to refresh.
 */
export type CredentialProvider = (() => Promise<Credentials>) & { readonly memoized: true };

/** Gets new credentials; `forced` goes past caches. */
export type CredentialSource = (request: { readonly forced: boolean }) => Promise<Credentials>;
