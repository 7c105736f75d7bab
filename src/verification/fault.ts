import { BackupError, codeOf, isClass, messageOf } from '../errors.ts';
import { isDamaged } from '../transfer/read-object.ts';
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
  if (isClass(error, 'permanent')) return faultOfRefusal(error, kind);
  return isDecodingError(error) ? { kind, problem: messageOf(error) } : undefined;
}

/** A code or a status is of the store, the network or TLS; what this tool finds wrong itself has neither. */
function faultOfRefusal({ message, details: { code, httpStatus } }: BackupError, kind: DamageKind): Fault | undefined {
  if (code === ARCHIVED) return { kind: 'unreadable', problem: 'it is archived and cannot be read as it is' };
  return code === undefined && httpStatus === undefined ? { kind, problem: message } : undefined;
}

function differenceOf({ details, message }: BackupError): string {
  return details.expected && details.found ? `it has ${details.found} instead of ${details.expected}` : message;
}

/** Of Node's zlib: `ZSTD_error_corruption_detected`, `Z_BUF_ERROR`. */
function isDecodingError(error: unknown): boolean {
  return !(error instanceof BackupError) && /^Z(STD)?_/.test(codeOf(error) ?? '');
}
