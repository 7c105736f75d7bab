import type { ErrorFacts } from './error-facts.ts';
import type { Explanation } from './explanations.ts';
import { actionsOf } from './iam-actions.ts';
import { describeRequest, quote, type StoreRequest, sentence, storeName } from './store-request.ts';

/** A 403: says which IAM action is missing, from the store's own words if it has any, else from the operation. */
export function explainDenied(facts: ErrorFacts, request: StoreRequest): Explanation {
  const named = /not authorized to perform: ([a-z0-9-]+:\w+)/.exec(facts.message)?.[1];
  const actions = named === undefined ? actionsOf(request.operation, request) : [named];
  const needs = actions.length === 0 ? '' : ` (needs ${actions.join(' and ')})`;
  const words = facts.message === '' ? '' : `: ${facts.message.replace(/[.\s]+$/, '')}`;
  const owner = named === undefined ? request.expectedBucketOwner : undefined;
  const denied = `${storeName(request.endpoint)} denied ${describeRequest(request)}${needs}${words}`;
  return {
    message:
      owner === undefined
        ? `${sentence(denied)}.`
        : `expected-bucket-owner is ${quote(owner)}, and ${denied}: either the bucket belongs to another account, and the input is to be corrected, or the permission is missing.`,
    hint: hintFor(facts.message, actions, request),
  };
}

function hintFor(words: string, actions: readonly string[], request: StoreRequest): string {
  const [first = ''] = actions;
  if (first.startsWith('kms:')) {
    return `Allow ${first} on the KMS key, in the role's policy and in the key's own policy.`;
  }
  if (/no session policy allows/.test(words)) {
    return 'The policy of this session is what denies it: set session-policy: none, and report it as a bug of this tool.';
  }
  if (/explicit deny/.test(words))
    return 'A policy denies it expressly: no further permission helps, the deny has to go.';
  if (/object lock/i.test(words)) return 'The object is locked: it can be deleted after its retention date.';
  return [allowHint(actions, request), ownerHint(request), missingKeyHint(request)]
    .filter((hint) => hint !== undefined)
    .join(' ');
}

function allowHint(actions: readonly string[], { bucket, key }: StoreRequest): string {
  // A listing has a prefix for a key, and is granted on the bucket all the same.
  const onBucket = key === undefined || actions.some((action) => /^s3:(?:List|Get)Bucket/.test(action));
  const resource = onBucket ? `arn:aws:s3:::${bucket}` : `arn:aws:s3:::${bucket}/*`;
  const what = actions.length === 0 ? 'the operation' : actions.join(' and ');
  return `Allow ${what} on ${resource} in the policy of the role or user, and look for a deny in the bucket's policy.`;
}

/** Amazon answers a wrong owner exactly as it answers a missing permission. */
function ownerHint({ expectedBucketOwner }: StoreRequest): string | undefined {
  if (expectedBucketOwner === undefined) return undefined;
  return `The same answer comes if the bucket does not belong to the account in expected-bucket-owner, ${quote(expectedBucketOwner)}.`;
}

function missingKeyHint({ operation }: StoreRequest): string | undefined {
  if (operation !== 'GetObject' && operation !== 'HeadObject') return undefined;
  return 'The same answer comes for an object that does not exist, to those who may not list the bucket (s3:ListBucket).';
}
