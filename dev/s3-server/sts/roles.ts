import { type PolicyDocument, type PolicyInput, parsePolicy } from '../policy/document.ts';

const DEFAULT_MAX_SESSION_SECONDS = 3600;

/** A role as it is set up. */
export interface RoleSettings {
  /** Who may assume it; nobody when absent. */
  readonly trustPolicy?: PolicyInput;
  /** What it may do; everything when absent. */
  readonly permissionPolicy?: PolicyInput | readonly PolicyInput[];
  readonly maxSessionSeconds?: number;
}

export interface Role {
  readonly arn: string;
  readonly account: string;
  readonly name: string;
  /** Undefined: anybody may assume it. */
  readonly trust: PolicyDocument | undefined;
  readonly permissions: readonly PolicyDocument[] | undefined;
  readonly maxSessionSeconds: number;
}

const ROLE_ARN = /^arn:aws(?:-[a-z]+)*:iam::(\d{12}):role\/(?:.+\/)?([\w+=,.@-]+)$/u;

/** Account and name in a role's ARN; undefined when it is none. */
export function parseRoleArn(arn: string): { readonly account: string; readonly name: string } | undefined {
  const [, account, name] = ROLE_ARN.exec(arn) ?? [];
  return account === undefined || name === undefined ? undefined : { account, name };
}

const parsePermissions = (policies: PolicyInput | readonly PolicyInput[]): PolicyDocument[] =>
  [policies].flat().map((policy) => parsePolicy(policy, 'identity'));

const NOBODY: PolicyDocument = { statements: [] };

/** The roles of the server. While none is set up, every role exists, trusts everybody and may do everything. */
export class RoleRegistry {
  private readonly roles = new Map<string, Role>();

  /** True while no role is set up. */
  get open(): boolean {
    return this.roles.size === 0;
  }

  /** @throws {PolicyError} or an Error that names the ARN. */
  add(arn: string, settings: RoleSettings): void {
    const parsed = parseRoleArn(arn);
    if (parsed === undefined) throw new Error(`${arn} is not the ARN of a role`);
    const { trustPolicy, permissionPolicy, maxSessionSeconds = DEFAULT_MAX_SESSION_SECONDS } = settings;
    this.roles.set(arn, {
      arn,
      ...parsed,
      trust: trustPolicy === undefined ? NOBODY : parsePolicy(trustPolicy, 'trust'),
      permissions: permissionPolicy === undefined ? undefined : parsePermissions(permissionPolicy),
      maxSessionSeconds,
    });
  }

  find(arn: string): Role | undefined {
    const role = this.roles.get(arn);
    if (role !== undefined || !this.open) return role;
    const parsed = parseRoleArn(arn);
    if (parsed === undefined) return undefined;
    const maxSessionSeconds = 12 * 3600;
    return { arn, ...parsed, trust: undefined, permissions: undefined, maxSessionSeconds };
  }
}
