import type { FaultRegistry } from './faults/registry.ts';
import type { Personality } from './personality.ts';
import type { RequestLog } from './request-log.ts';
import type { CredentialTable } from './sigv4/credentials.ts';
import type { BodyStore } from './storage/bodies.ts';
import type { Bucket } from './storage/bucket.ts';
import type { IssuerRegistration } from './sts/identity-providers.ts';
import type { RoleRegistry } from './sts/roles.ts';

/** Everything a running server knows. */
export interface ServerState {
  /** Twelve digits. */
  readonly account: string;
  /** The region of the endpoint, and of buckets that name none. */
  readonly region: string;
  readonly personality: Personality;
  readonly buckets: Map<string, Bucket>;
  readonly bodies: BodyStore;
  readonly credentials: CredentialTable;
  readonly roles: RoleRegistry;
  readonly issuers: IssuerRegistration[];
  /** How long sessions really live, whatever was asked for. */
  readonly sessionSeconds: number | undefined;
  /** How long answers say that sessions live, when that is not the truth. */
  readonly announcedSessionSeconds: number | undefined;
  readonly faults: FaultRegistry;
  readonly log: RequestLog;
  readonly now: () => Date;
}
