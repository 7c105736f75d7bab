import { BackupError } from '../errors.ts';
import { type Feature, requiredActions } from './iam-actions.ts';

/** STS API Reference, AssumeRole, "Policy": plain text of an inline session policy. */
export const MAX_SESSION_POLICY_CHARS = 2048;

/** The place in S3 that permissions are narrowed to. */
export interface PolicyTarget {
  readonly partition: string;
  readonly bucket: string;
  /** Without slashes at its ends; may be empty. */
  readonly prefix: string;
  /** Empty: all series below the prefix. */
  readonly series: string;
}

export interface PolicyStatement {
  readonly Effect: 'Allow';
  readonly Action: string | readonly string[];
  readonly Resource: string;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

export interface PolicyDocument {
  readonly Version: '2012-10-17';
  readonly Statement: readonly PolicyStatement[];
}

/**
 * The least that `features` need on one series: an identity policy for the README, and the session policy.
 * Nothing outside `<prefix>/<series>/` can be read, written, listed or deleted with it.
 */
export function policyDocument(target: PolicyTarget, features: readonly Feature[]): PolicyDocument {
  const place = [target.prefix, target.series].filter((part) => part !== '').map((part) => `${iamPattern(part)}/`);
  const base = place.join('');
  return documentOf(features, target, `${base}*`, `${base}pins/*`);
}

/**
 * The inline policy for AssumeRole: effective rights are what both this and the role allow.
 *
 * A prefix too long for it is cut and continued by `*`: wider than `<prefix>/<series>/`, narrower than the role.
 *
 * @returns JSON of at most {@link MAX_SESSION_POLICY_CHARS} characters, all printable ASCII
 */
export function sessionPolicy(target: PolicyTarget, features: readonly Feature[]): string {
  const full = JSON.stringify(policyDocument(target, features));
  if (full.length <= MAX_SESSION_POLICY_CHARS) return full;
  for (let length = target.prefix.length; length >= 0; length--) {
    const keys = `${iamPattern(target.prefix.slice(0, length))}*`;
    const text = JSON.stringify(documentOf(features, target, keys, `${keys}/pins/*`));
    if (text.length <= MAX_SESSION_POLICY_CHARS) return text;
  }
  throw new BackupError('The session policy does not fit into the 2,048 characters STS allows.', {
    class: 'permanent',
    operation: 'build session policy',
  });
}

/** @param keys pattern of all keys of the series; `pins`: of those of its pins */
function documentOf(
  features: readonly Feature[],
  { partition, bucket: name }: PolicyTarget,
  keys: string,
  pins: string,
): PolicyDocument {
  const bucket = `arn:${partition}:s3:::${name}`;
  const statement = (Action: readonly string[], Resource: string, Condition?: PolicyStatement['Condition']) => ({
    Effect: 'Allow' as const,
    Action,
    Resource,
    ...(Condition && { Condition }),
  });
  const statements = [
    statement(requiredActions(features, 'objects'), `${bucket}/${keys}`),
    statement(requiredActions(features, 'pins'), `${bucket}/${pins}`),
    statement(requiredActions(features, 'list'), bucket, listCondition(keys)),
    statement(requiredActions(features, 'bucket'), bucket),
    // Any key, but only by way of S3: the objects of a series may be under more than one.
    statement(requiredActions(features, 'kms'), '*', { StringLike: { 'kms:ViaService': 's3.*' } }),
  ];
  return { Version: '2012-10-17', Statement: statements.filter(({ Action }) => Action.length > 0) };
}

/** None for the whole bucket: Ceph knows no `s3:prefix` in a request for an empty one, so that no condition would hold. */
function listCondition(keys: string): PolicyStatement['Condition'] {
  return keys === '*' ? undefined : { StringLike: { 's3:prefix': keys } };
}

/**
 * A literal text as an IAM pattern. `*`, `?` and `$` are written as the policy variables that stand for them; what a
 * session policy may not contain (anything but printable ASCII) becomes a wildcard.
 * Source: IAM User Guide, "IAM policy elements: variables", special characters.
 */
function iamPattern(literal: string): string {
  // A surrogate pair is one run of characters beyond ASCII, so it is never cut in the middle.
  return literal.replaceAll(/[*?$]/g, (character) => `\${${character}}`).replaceAll(/[^ -~]+/g, '*');
}
