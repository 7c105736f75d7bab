import { accessDenied, badRequest } from '../errors.ts';
import type { ConditionContext } from '../policy/conditions.ts';
import { subjectOf } from '../policy/decide.ts';
import { evaluatePolicies } from '../policy/evaluate.ts';
import type { Principal } from '../policy/principal.ts';
import type { ServerState } from '../state.ts';
import type { XmlNode } from '../xml/write.ts';
import type { Role } from './roles.ts';
import { checkDuration, openSession, parseSessionRequest } from './session.ts';
import { claimContext, federatedNames, verifyWebIdentity, type WebIdentity } from './web-identity.ts';

/** One call of the STS API: its form, and the caller for those who are asked to sign. */
export interface StsCall {
  readonly server: ServerState;
  readonly form: URLSearchParams;
  /** Verifies the request's signature. */
  readonly caller: () => Principal;
}

function getCallerIdentity({ caller }: StsCall): XmlNode {
  const { arn, account, kind } = caller();
  return { Arn: arn, UserId: kind === 'root' ? account : `AROADEVELOPMENT:${arn.split('/').at(-1)}`, Account: account };
}

function trustsWebIdentity(role: Role, identity: WebIdentity, context: ConditionContext): boolean {
  if (role.trust === undefined) return true;
  const subject = { type: 'Federated', names: federatedNames(identity.issuer, role.account) } as const;
  const query = { action: 'sts:AssumeRoleWithWebIdentity', resource: role.arn, context, subject };
  return evaluatePolicies([role.trust], query) === 'allow';
}

/** A role that is not there is refused in the same words as one that does not trust the token. */
async function assumeRoleWithWebIdentity({ server, form }: StsCall): Promise<XmlNode> {
  const request = parseSessionRequest(form);
  const identity = await verifyWebIdentity(form.get('WebIdentityToken') ?? undefined, server.issuers, {
    now: server.now(),
    acceptUnknown: server.roles.open,
  });
  const role = server.roles.find(request.roleArn);
  if (role === undefined || !trustsWebIdentity(role, identity, claimContext(identity, request.sessionName))) {
    throw accessDenied('Not authorized to perform sts:AssumeRoleWithWebIdentity');
  }
  checkDuration(request, role, undefined);
  return {
    SubjectFromWebIdentityToken: identity.subject,
    Audience: identity.audience,
    Provider: identity.issuer,
    ...openSession(server, role, request),
  };
}

/** What the caller's own policies say; a role's own trust in exactly this caller replaces them within one account. */
function callerMay(caller: Principal, role: Role, context: ConditionContext, namedExactly: boolean): boolean {
  if (caller.kind === 'root') return true;
  const query = { action: 'sts:AssumeRole', resource: role.arn, context };
  if (caller.sessionPolicy !== undefined && evaluatePolicies([caller.sessionPolicy], query) !== 'allow') return false;
  const own = caller.rolePolicies === undefined ? 'allow' : evaluatePolicies(caller.rolePolicies, query);
  return own === 'allow' || (own === 'none' && namedExactly && caller.account === role.account);
}

function mayAssume(caller: Principal, role: Role, context: ConditionContext): boolean {
  const subject = subjectOf(caller);
  const query = { action: 'sts:AssumeRole', resource: role.arn, context };
  if (role.trust === undefined) return callerMay(caller, role, context, false);
  if (evaluatePolicies([role.trust], { ...query, subject }) !== 'allow') return false;
  const own = caller.kind === 'session' ? [caller.arn, caller.roleArn] : [caller.arn];
  const exact = evaluatePolicies([role.trust], { ...query, subject: { type: 'AWS', names: own } }) === 'allow';
  return callerMay(caller, role, context, exact);
}

function assumeContext(form: URLSearchParams, caller: Principal): ConditionContext {
  const entries: [string, string | null][] = [
    ['sts:externalid', form.get('ExternalId')],
    ['sts:rolesessionname', form.get('RoleSessionName')],
    ['aws:principalarn', caller.kind === 'session' ? caller.roleArn : caller.arn],
    ['aws:principalaccount', caller.account],
    ['aws:securetransport', 'true'],
  ];
  return new Map(entries.flatMap(([key, value]): [string, string[]][] => (value === null ? [] : [[key, [value]]])));
}

function assumeRole({ server, form, caller }: StsCall): XmlNode {
  const principal = caller();
  const request = parseSessionRequest(form);
  const role = server.roles.find(request.roleArn);
  if (role === undefined || !mayAssume(principal, role, assumeContext(form, principal))) {
    throw accessDenied(
      `User: ${principal.arn} is not authorized to perform: sts:AssumeRole on resource: ${request.roleArn}`,
    );
  }
  checkDuration(request, role, principal);
  return openSession(server, role, request);
}

const ACTIONS: Readonly<Record<string, (call: StsCall) => XmlNode | Promise<XmlNode>>> = {
  GetCallerIdentity: getCallerIdentity,
  AssumeRole: assumeRole,
  AssumeRoleWithWebIdentity: assumeRoleWithWebIdentity,
};

/** @throws {S3Error} InvalidAction, or what the action throws. */
export async function performStsAction(action: string, call: StsCall): Promise<XmlNode> {
  const perform = Object.hasOwn(ACTIONS, action) ? ACTIONS[action] : undefined;
  if (perform === undefined) {
    throw badRequest('InvalidAction', `Could not find operation ${action} for version ${call.form.get('Version')}`);
  }
  return perform(call);
}
