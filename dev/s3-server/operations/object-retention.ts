import { accessDenied, invalidArgument, invalidRequest, malformedXml, methodNotAllowed, S3Error } from '../errors.ts';
import { type Answer, emptyAnswer, xmlAnswer } from '../http/answer.ts';
import type { ObjectLock, ObjectVersion } from '../storage/objects.ts';
import { findVersion } from '../storage/versions.ts';
import { parseXml, textAt } from '../xml/parse.ts';
import { type BucketContext, bypassesGovernance, takeText, versionIdOf } from './context.ts';
import { legalHold, lockMode } from './properties.ts';

const notLocked = (): S3Error =>
  new S3Error(404, 'NoSuchObjectLockConfiguration', 'The specified object does not have a ObjectLock configuration');

function lockable({ bucket, request }: BucketContext): ObjectVersion {
  if (!bucket.objectLock) throw invalidRequest('Bucket is missing Object Lock Configuration');
  const version = findVersion(bucket, request.key, versionIdOf(request));
  if (version.kind === 'marker') throw methodNotAllowed({ 'x-amz-delete-marker': 'true' });
  return version;
}

export function getObjectRetention(context: BucketContext): Answer {
  const { lock } = lockable(context);
  if (lock.mode === undefined) throw notLocked();
  return xmlAnswer('Retention', { Mode: lock.mode, RetainUntilDate: lock.until });
}

/** A retention under way can be made longer; shorter or weaker only with the bypass, and never under COMPLIANCE. */
function weakens(before: ObjectLock, mode: string, until: Date, now: Date): boolean {
  if (before.until === undefined || before.until <= now) return false;
  return until < before.until || (mode !== before.mode && before.mode === 'COMPLIANCE');
}

export async function putObjectRetention(context: BucketContext): Promise<Answer> {
  const root = parseXml(await takeText(context));
  const mode = lockMode(textAt(root, 'Mode'));
  const until = new Date(textAt(root, 'RetainUntilDate') ?? '');
  const now = context.server.now();
  if (mode === undefined || Number.isNaN(until.getTime())) throw malformedXml();
  if (until <= now) throw invalidArgument('The retain until date must be in the future!');
  const object = lockable(context);
  const bypassed = object.lock.mode === 'GOVERNANCE' && bypassesGovernance(context.request);
  if (weakens(object.lock, mode, until, now) && !bypassed) {
    throw accessDenied('Access Denied because object protected by object lock.');
  }
  object.lock = { ...object.lock, mode, until };
  return emptyAnswer();
}

export function getObjectLegalHold(context: BucketContext): Answer {
  const { lock } = lockable(context);
  if (lock.legalHold === undefined) throw notLocked();
  return xmlAnswer('LegalHold', { Status: lock.legalHold });
}

export async function putObjectLegalHold(context: BucketContext): Promise<Answer> {
  const status = legalHold(textAt(parseXml(await takeText(context)), 'Status'));
  if (status === undefined) throw malformedXml();
  const object = lockable(context);
  object.lock = { ...object.lock, legalHold: status };
  return emptyAnswer();
}
