import { badRequest } from '../errors.ts';
import { type PolicyDocument, PolicyError, parsePolicy } from '../policy/document.ts';
import type { Principal } from '../policy/principal.ts';
import type { ServerState } from '../state.ts';
import type { XmlNode } from '../xml/write.ts';
import { constraintError, validationError } from './errors.ts';
import type { Role } from './roles.ts';

const DEFAULT_SESSION_SECONDS = 3600;
const MIN_SESSION_SECONDS = 900;
const MAX_SESSION_SECONDS = 43_200;
const MAX_CHAINED_SECONDS = 3600;
const MAX_POLICY_CHARACTERS = 2048;

/** What a caller asks for; checked, but not yet allowed. */
export interface SessionRequest {
  readonly roleArn: string;
  readonly sessionName: string;
  readonly durationSeconds: number;
  readonly policy: PolicyDocument | undefined;
  /** Share of the allowed size that the session's policy takes, in percent. */
  readonly packedPolicyPercent: number;
}

function sessionName(form: URLSearchParams): string {
  const name = form.get('RoleSessionName') ?? '';
  if (name.length < 2) {
    throw constraintError('roleSessionName', name, 'Member must have length greater than or equal to 2');
  }
  if (name.length > 64)
    throw constraintError('roleSessionName', name, 'Member must have length less than or equal to 64');
  if (!/^[\w+=,.@-]*$/u.test(name)) {
    throw constraintError('roleSessionName', name, 'Member must satisfy regular expression pattern: [\\w+=,.@-]*');
  }
  return name;
}

function durationSeconds(form: URLSearchParams): number {
  const text = form.get('DurationSeconds');
  if (text === null) return DEFAULT_SESSION_SECONDS;
  const seconds = Number(text);
  if (!(seconds >= MIN_SESSION_SECONDS)) {
    throw constraintError(
      'durationSeconds',
      text,
      `Member must have value greater than or equal to ${MIN_SESSION_SECONDS}`,
    );
  }
  if (!(seconds <= MAX_SESSION_SECONDS)) {
    throw constraintError(
      'durationSeconds',
      text,
      `Member must have value less than or equal to ${MAX_SESSION_SECONDS}`,
    );
  }
  return seconds;
}

function sessionPolicy(text: string | null): PolicyDocument | undefined {
  if (text === null) return undefined;
  if (text.length > MAX_POLICY_CHARACTERS) {
    const percent = Math.ceil((text.length / MAX_POLICY_CHARACTERS) * 100);
    throw badRequest(
      'PackedPolicyTooLarge',
      `Packed policy consumes ${percent}% of allotted space, please use smaller policy.`,
    );
  }
  try {
    return parsePolicy(text, 'identity');
  } catch (error) {
    if (error instanceof PolicyError) throw badRequest('MalformedPolicyDocument', error.message);
    throw error;
  }
}

/** @throws {S3Error} ValidationError, PackedPolicyTooLarge, MalformedPolicyDocument. */
export function parseSessionRequest(form: URLSearchParams): SessionRequest {
  const roleArn = form.get('RoleArn') ?? '';
  if (roleArn.length < 20) {
    throw constraintError('roleArn', roleArn, 'Member must have length greater than or equal to 20');
  }
  if (form.has('PolicyArns.member.1.arn')) throw validationError('PolicyArns are not supported by this server.');
  const policy = form.get('Policy');
  return {
    roleArn,
    sessionName: sessionName(form),
    durationSeconds: durationSeconds(form),
    policy: sessionPolicy(policy),
    packedPolicyPercent: Math.ceil(((policy?.length ?? 0) / MAX_POLICY_CHARACTERS) * 100),
  };
}

/** @throws {S3Error} ValidationError when the session would outlive what its role, or role chaining, allows. */
export function checkDuration(
  { durationSeconds: asked }: SessionRequest,
  role: Role,
  caller: Principal | undefined,
): void {
  if (caller?.kind === 'session' && asked > MAX_CHAINED_SECONDS) {
    throw validationError(
      'The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.',
    );
  }
  if (asked > role.maxSessionSeconds) {
    throw validationError('The requested DurationSeconds exceeds the MaxSessionDuration set for this role.');
  }
}

const secondsFrom = (date: Date, seconds: number): Date => new Date(date.getTime() + seconds * 1000);

/** Makes the session's keys and the part of the answer that carries them. */
export function openSession(server: ServerState, role: Role, request: SessionRequest): XmlNode {
  const arn = `arn:aws:sts::${role.account}:assumed-role/${role.name}/${request.sessionName}`;
  const now = server.now();
  const seconds = server.sessionSeconds ?? request.durationSeconds;
  const credential = server.credentials.issue(
    {
      kind: 'session',
      account: role.account,
      arn,
      roleArn: role.arn,
      rolePolicies: role.permissions,
      sessionPolicy: request.policy,
    },
    secondsFrom(now, seconds),
  );
  return {
    Credentials: {
      AccessKeyId: credential.accessKeyId,
      SecretAccessKey: credential.secretAccessKey,
      SessionToken: credential.sessionToken,
      Expiration: secondsFrom(now, server.announcedSessionSeconds ?? seconds),
    },
    AssumedRoleUser: { AssumedRoleId: `AROADEVELOPMENT:${request.sessionName}`, Arn: arn },
    PackedPolicySize: request.policy === undefined ? undefined : request.packedPolicyPercent,
  };
}
