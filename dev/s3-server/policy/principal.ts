import type { PolicyDocument } from './document.ts';

/** The server's own key: no identity policy limits it, as with an account's root user. */
export interface RootPrincipal {
  readonly kind: 'root';
  readonly account: string;
  readonly arn: string;
}

/** An assumed role: what its role may do, narrowed by what its session may do. */
export interface SessionPrincipal {
  readonly kind: 'session';
  readonly account: string;
  /** `arn:aws:sts::ACCOUNT:assumed-role/ROLE/SESSION`. */
  readonly arn: string;
  readonly roleArn: string;
  /** Undefined: the role was set up without permissions of its own and may do everything. */
  readonly rolePolicies: readonly PolicyDocument[] | undefined;
  readonly sessionPolicy: PolicyDocument | undefined;
}

export type Principal = RootPrincipal | SessionPrincipal;

export const rootPrincipal = (account: string): RootPrincipal => ({
  kind: 'root',
  account,
  arn: `arn:aws:iam::${account}:root`,
});
