import type { Personality } from './personality.ts';
import type { IssuerRegistration } from './sts/identity-providers.ts';
import type { RoleSettings } from './sts/roles.ts';

/** A bucket to begin with. */
export interface BucketOptions {
  readonly name: string;
  /** The server's region when absent. */
  readonly region?: string;
  /** Account id; the server's own when absent. Another account's bucket is closed to everybody without a policy. */
  readonly owner?: string;
  readonly versioning?: boolean;
  readonly objectLock?: boolean;
}

export interface ServerOptions {
  /** Any free port when absent or 0. */
  readonly port?: number;
  readonly host?: string;
  /** Twelve digits. */
  readonly account?: string;
  /** The one long-lived access key; no identity policy limits it. */
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
  readonly region?: string;
  readonly buckets?: readonly (string | BucketOptions)[];
  /** Roles by ARN. While there are none, every role can be assumed and may do everything. */
  readonly roles?: Readonly<Record<string, RoleSettings>>;
  /** Issuers whose tokens are verified. Without roles, tokens of other issuers are taken at their word. */
  readonly issuers?: readonly (string | IssuerRegistration)[];
  /** How many seconds sessions really live, whatever was asked for. */
  readonly sessionSeconds?: number;
  /** How many seconds answers say that they live, when that must not be the truth. */
  readonly announcedSessionSeconds?: number;
  readonly personality?: Partial<Personality>;
  /** Where bodies over 256 KiB are kept while the server runs; the system's folder for temporary files when absent. */
  readonly dataDirectory?: string;
  /** The store's clock. */
  readonly now?: () => Date;
  /** Serve `/_admin/…`, which is open to everybody who can reach the port. */
  readonly admin?: boolean;
}

export const DEFAULT_ACCOUNT = '123456789012';
export const DEFAULT_REGION = 'us-east-1';
export const DEFAULT_CREDENTIALS = { accessKeyId: 'AKIADEVELOPMENT00000', secretAccessKey: 'development-secret' };
