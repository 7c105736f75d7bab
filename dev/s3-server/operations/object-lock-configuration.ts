import { malformedXml, S3Error } from '../errors.ts';
import { type Answer, emptyAnswer, xmlAnswer } from '../http/answer.ts';
import type { DefaultRetention } from '../storage/bucket.ts';
import { childAt, parseXml, textAt, type XmlElement } from '../xml/parse.ts';
import { type BucketContext, takeText } from './context.ts';
import { lockMode } from './properties.ts';

const DAYS_PER_YEAR = 365;

export function getObjectLockConfiguration({ bucket }: BucketContext): Answer {
  if (!bucket.objectLock) {
    throw new S3Error(
      404,
      'ObjectLockConfigurationNotFoundError',
      'Object Lock configuration does not exist for this bucket',
    );
  }
  const rule = bucket.defaultRetention;
  return xmlAnswer('ObjectLockConfiguration', {
    ObjectLockEnabled: 'Enabled',
    Rule: rule && { DefaultRetention: { Mode: rule.mode, Days: rule.days } },
  });
}

function parseRule(rule: XmlElement | undefined): DefaultRetention | undefined {
  if (rule === undefined) return undefined;
  const mode = lockMode(textAt(rule, 'Mode'));
  const days = Number(textAt(rule, 'Days') ?? Number(textAt(rule, 'Years')) * DAYS_PER_YEAR);
  if (mode === undefined || !(days > 0)) throw malformedXml();
  return { mode, days };
}

export async function putObjectLockConfiguration(context: BucketContext): Promise<Answer> {
  const { bucket } = context;
  const root = parseXml(await takeText(context));
  if (bucket.versioning !== 'Enabled') {
    throw new S3Error(
      409,
      'InvalidBucketState',
      'Versioning must be Enabled on the bucket to apply an Object Lock configuration',
    );
  }
  bucket.defaultRetention = parseRule(childAt(root, 'Rule', 'DefaultRetention'));
  bucket.objectLock = true;
  return emptyAnswer();
}
