import type { S3Request } from '../http/request.ts';
import type { S3Operation } from '../http/routes.ts';
import type { ObjectVersion } from '../storage/objects.ts';
import type { ConditionContext } from './conditions.ts';
import type { Principal } from './principal.ts';

const DAY_MS = 86_400_000;

/** Condition keys that are a header's value. */
const HEADER_KEYS: Readonly<Record<string, string>> = {
  's3:if-none-match': 'if-none-match',
  's3:if-match': 'if-match',
  's3:x-amz-acl': 'x-amz-acl',
  's3:x-amz-content-sha256': 'x-amz-content-sha256',
  's3:x-amz-copy-source': 'x-amz-copy-source',
  's3:x-amz-metadata-directive': 'x-amz-metadata-directive',
  's3:x-amz-server-side-encryption': 'x-amz-server-side-encryption',
  's3:x-amz-server-side-encryption-aws-kms-key-id': 'x-amz-server-side-encryption-aws-kms-key-id',
  's3:x-amz-storage-class': 'x-amz-storage-class',
  's3:object-lock-mode': 'x-amz-object-lock-mode',
  's3:object-lock-legal-hold': 'x-amz-object-lock-legal-hold',
  's3:object-lock-retain-until-date': 'x-amz-object-lock-retain-until-date',
  'aws:useragent': 'user-agent',
};

/** Condition keys that are a query parameter's value. */
const QUERY_KEYS: Readonly<Record<string, string>> = {
  's3:prefix': 'prefix',
  's3:delimiter': 'delimiter',
  's3:max-keys': 'max-keys',
  's3:versionid': 'versionId',
};

/** Whether an operation makes an object; the parts of an upload are none yet. */
const CREATIONS: Readonly<Partial<Record<S3Operation, boolean>>> = {
  PutObject: true,
  CopyObject: true,
  CompleteMultipartUpload: true,
  CreateMultipartUpload: false,
  UploadPart: false,
  UploadPartCopy: false,
};

function tagKeys(request: S3Request, existing: ObjectVersion | undefined): [string, string[]][] {
  const requested = [...new URLSearchParams(request.headers['x-amz-tagging'] ?? '')];
  const keys = requested.map(([key]) => key);
  return [
    ...requested.map(([key, value]): [string, string[]] => [`s3:requestobjecttag/${key.toLowerCase()}`, [value]]),
    ...(keys.length === 0 ? [] : [['s3:requestobjecttagkeys', keys] satisfies [string, string[]]]),
    ...(existing?.tags ?? []).map(({ key, value }): [string, string[]] => [
      `s3:existingobjecttag/${key.toLowerCase()}`,
      [value],
    ]),
  ];
}

function remainingRetention(request: S3Request, now: Date): string | undefined {
  const until = request.headers['x-amz-object-lock-retain-until-date'];
  return until === undefined ? undefined : String(Math.ceil((Date.parse(until) - now.getTime()) / DAY_MS));
}

/**
 * The condition keys of a request. `aws:SecureTransport` is true also over plain HTTP, so that policies which demand
 * TLS can be tried on loopback. Tags of the object count for reads only, as on S3.
 */
export function requestContext(
  operation: S3Operation,
  request: S3Request,
  principal: Principal,
  options: { readonly now: Date; readonly account: string; readonly existing: ObjectVersion | undefined },
): ConditionContext {
  const single: [string, string | null | undefined][] = [
    ...Object.entries(HEADER_KEYS).map(([key, header]): [string, string | undefined] => [key, request.headers[header]]),
    ...Object.entries(QUERY_KEYS).map(([key, name]): [string, string | null] => [key, request.query.get(name)]),
    ['s3:objectcreationoperation', CREATIONS[operation]?.toString()],
    ['s3:object-lock-remaining-retention-days', remainingRetention(request, options.now)],
    ['s3:authtype', request.query.has('X-Amz-Signature') ? 'REST-QUERY-STRING' : 'REST-HEADER'],
    ['aws:securetransport', 'true'],
    ['aws:currenttime', options.now.toISOString()],
    ['aws:resourceaccount', options.account],
    ['s3:resourceaccount', options.account],
    ['aws:principalaccount', principal.account],
    ['aws:principalarn', principal.kind === 'session' ? principal.roleArn : principal.arn],
  ];
  const reads = operation === 'GetObject' || operation === 'HeadObject' || operation === 'GetObjectTagging';
  const known = single.flatMap(([key, value]): [string, string[]][] =>
    value === undefined || value === null ? [] : [[key, [value]]],
  );
  return new Map([...known, ...tagKeys(request, reads ? options.existing : undefined)]);
}
