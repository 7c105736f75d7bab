import { type BackupError, isClass, isDamaged } from '../errors.ts';
import { PackProblem } from '../pack/problem.ts';
import type { DamageKind, Fault } from './types.ts';

/** What S3 says of an object in an archive class, which has to be brought back before it can be read. */
const ARCHIVED = 'InvalidObjectState';

/**
 * Tells damage from trouble: what an error says of the object that was read, or undefined where it says something of
 * the network, the rights or this machine, of which nothing follows for the object.
 *
 * @param kind of what is there and cannot be used
 */
export function faultOf(error: unknown, kind: DamageKind): Fault | undefined {
  if (isClass(error, 'not-found')) return { kind: 'missing', problem: 'it is not there' };
  if (isDamaged(error)) return { kind, problem: differenceOf(error) };
  return isClass(error, 'permanent') ? faultOfRefusal(error, kind) : undefined;
}

/** A code or a status is of the store, the network or TLS; what this tool finds wrong itself has neither. */
function faultOfRefusal({ message, details: { code, httpStatus } }: BackupError, kind: DamageKind): Fault | undefined {
  if (code === ARCHIVED) return { kind: 'unreadable', problem: 'it is archived and cannot be read as it is' };
  return code === undefined && httpStatus === undefined ? { kind, problem: message } : undefined;
}

function differenceOf({ details, message }: BackupError): string {
  if (details.cause instanceof PackProblem) return details.cause.message;
  return details.expected && details.found ? `it has ${details.found} instead of ${details.expected}` : message;
}
