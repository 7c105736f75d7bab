import { explainDenied } from './denied.ts';
import { EMPTY_REPLY } from './empty-reply.ts';
import { CUT_REPLY, type ErrorFacts } from './error-facts.ts';
import { describeRequest, quote, type StoreRequest, sentence, storeName } from './store-request.ts';

/** A failure in words. */
export interface Explanation {
  readonly message: string;
  readonly hint?: string;
  /** The input whose value is to blame: makes it an InputError. */
  readonly input?: string;
}

type Explain = (facts: ErrorFacts, request: StoreRequest) => Explanation;

/** One entry per code that deserves more than the store's own words. */
const BY_CODE: Readonly<Record<string, Explain>> = {
  NoSuchBucket: explainNoBucket,
  InvalidBucketName: explainBucketName,
  PermanentRedirect: explainRegion,
  TemporaryRedirect: explainRegion,
  AuthorizationHeaderMalformed: explainRegion,
  IllegalLocationConstraint: explainRegion,
  AccessDenied: explainDenied,
  AllAccessDisabled: explainDenied,
  Forbidden: explainDenied,
  InvalidAccessKeyId: explainKeyId,
  SignatureDoesNotMatch: explainSignature,
  InvalidToken: explainToken,
  ExpiredToken: explainExpired,
  RequestTimeTooSkewed: explainSkew,
  InvalidStorageClass: explainStorageClass,
  'KMS.NotFound': explainKmsKey,
  'KMS.Disabled': explainKmsKey,
  'KMS.KMSInvalidState': explainKmsKey,
  NotImplemented: explainNotImplemented,
  InvalidRequest: explainInvalidRequest,
  InvalidObjectState: explainArchived,
  [EMPTY_REPLY]: explainEmpty,
  [CUT_REPLY]: explainCut,
  ENOTFOUND: explainUnreachable('its host name does not resolve'),
  EAI_AGAIN: explainUnreachable('its host name does not resolve at the moment'),
  EAI_FAIL: explainUnreachable('its host name does not resolve at the moment'),
  ECONNREFUSED: explainUnreachable('nothing listens there'),
  EHOSTUNREACH: explainUnreachable('there is no route to it'),
  EHOSTDOWN: explainUnreachable('there is no route to it'),
  ENETUNREACH: explainUnreachable('there is no route to it'),
  ENETDOWN: explainUnreachable('the network is down'),
  ETIMEDOUT: explainUnreachable('it did not answer in time'),
  TimeoutError: explainUnreachable('it did not answer in time'),
};

/** The codes `node:tls` gives for a certificate it does not accept. */
const CERTIFICATE_CODE = /^(?:CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|ERR_TLS_CERT|HOSTNAME_MISMATCH)/;

/** Puts a failure into one sentence that names what the user can change. */
export function explain(facts: ErrorFacts, request: StoreRequest): Explanation {
  return explainerOf(facts, request)(facts, request);
}

function explainerOf(facts: ErrorFacts, request: StoreRequest): Explain {
  const { code = '', httpStatus } = facts;
  const byCode = Object.hasOwn(BY_CODE, code) ? BY_CODE[code] : undefined;
  if (byCode !== undefined) return byCode;
  if (CERTIFICATE_CODE.test(code)) return explainCertificate;
  if (/Deserialization error|XML parse error/.test(facts.message)) return explainNotS3;
  if (httpStatus === 301 || otherRegion(facts, request) !== undefined) return explainRegion;
  if (httpStatus === 403 && facts.code === undefined) return explainDenied;
  if (httpStatus === 404 && request.key === undefined && request.operation === 'HeadBucket') return explainNoBucket;
  if (httpStatus === 400 && facts.code === undefined) return explainExpired;
  return explainInItsOwnWords;
}

/** The bucket's true region, if a failed reply names one that is not ours. */
function otherRegion(facts: ErrorFacts, request: StoreRequest): string | undefined {
  const refused = facts.httpStatus === 400 && facts.code === undefined;
  return refused && facts.bucketRegion !== request.region ? facts.bucketRegion : undefined;
}

function explainNoBucket(_facts: ErrorFacts, { bucket, endpoint }: StoreRequest): Explanation {
  return {
    input: 'bucket',
    message: `bucket is ${quote(bucket)}, but ${storeName(endpoint)} has no such bucket: check the name, or create it first.`,
  };
}

function explainBucketName(_facts: ErrorFacts, { bucket }: StoreRequest): Explanation {
  return {
    input: 'bucket',
    message: `bucket is ${quote(bucket)}, which is not a bucket name: give the name alone, 3 to 63 characters of a-z, 0-9, - and ., without s3:// and without a path.`,
  };
}

function explainRegion(facts: ErrorFacts, { bucket, region, endpoint }: StoreRequest): Explanation {
  const where = facts.bucketRegion === undefined ? 'is elsewhere' : `is in ${quote(facts.bucketRegion)}`;
  const remedy =
    facts.bucketRegion === undefined ? "set it to the bucket's region" : `set aws-region: ${facts.bucketRegion}`;
  return {
    input: 'aws-region',
    message: `aws-region is ${quote(region ?? '')}, but for ${storeName(endpoint)} the bucket ${quote(bucket)} ${where}: ${remedy}.`,
  };
}

function explainKeyId(_facts: ErrorFacts, request: StoreRequest): Explanation {
  return {
    message: `${sentence(storeName(request.endpoint))} does not know the access key that signed ${describeRequest(request)}.`,
    hint: 'Check that the credentials belong to this store and still exist; temporary ones also need their session token.',
  };
}

function explainSignature(_facts: ErrorFacts, request: StoreRequest): Explanation {
  return {
    message: `${sentence(storeName(request.endpoint))} refused the signature of ${describeRequest(request)}.`,
    hint: 'Check the secret access key (a stray blank or line end is enough), and that no proxy rewrites the request.',
  };
}

function explainToken(_facts: ErrorFacts, request: StoreRequest): Explanation {
  return {
    message: `${sentence(storeName(request.endpoint))} does not accept the session token that came with ${describeRequest(request)}.`,
    hint: 'Check that access key, secret and session token come from the same session.',
  };
}

function explainExpired(facts: ErrorFacts, request: StoreRequest): Explanation {
  const certain = facts.code !== undefined;
  return {
    message: certain
      ? `The AWS credentials expired before ${describeRequest(request)}.`
      : `${sentence(storeName(request.endpoint))} refused ${describeRequest(request)} without saying why (HTTP ${facts.httpStatus}); most often the credentials have expired.`,
    hint: 'With role-to-assume they are refreshed by themselves; credentials from the environment cannot be.',
  };
}

function explainSkew(_facts: ErrorFacts, request: StoreRequest): Explanation {
  return {
    message: `${sentence(storeName(request.endpoint))} refused ${describeRequest(request)}: this machine's clock is more than 15 minutes off.`,
    hint: "Set the machine's clock, e.g. by NTP.",
  };
}

function explainStorageClass(_facts: ErrorFacts, { storageClass = '', endpoint }: StoreRequest): Explanation {
  return {
    input: 'storage-class',
    message: `storage-class is ${quote(storageClass)}, which ${storeName(endpoint)} does not have: choose one it has, or leave the input out.`,
  };
}

function explainKmsKey(facts: ErrorFacts, { kmsKeyId = '' }: StoreRequest): Explanation {
  return {
    input: 'sse-kms-key-id',
    message: `sse-kms-key-id is ${quote(kmsKeyId)}, and KMS cannot use that key (${facts.code}): give the ARN of an enabled key in the bucket's region.`,
  };
}

function explainNotImplemented(facts: ErrorFacts, request: StoreRequest): Explanation {
  const { expectedBucketOwner, endpoint } = request;
  if (expectedBucketOwner !== undefined && /expected-bucket-owner/i.test(facts.message)) {
    return {
      input: 'expected-bucket-owner',
      message: `expected-bucket-owner is ${quote(expectedBucketOwner)}, but ${storeName(endpoint)} cannot check the owner of a bucket: leave the input out.`,
    };
  }
  return {
    message: `${sentence(storeName(request.endpoint))} cannot do ${describeRequest(request)}: ${ownWords(facts)}.`,
    hint: 'The store lacks a part of S3 that this needs.',
  };
}

/** The wordings of Amazon, Ceph and MinIO: "Bucket is missing Object( )Lock( )Configuration". */
function explainInvalidRequest(facts: ErrorFacts, request: StoreRequest): Explanation {
  if (!/missing object ?lock/i.test(facts.message)) return explainInItsOwnWords(facts, request);
  return {
    input: 'object-lock-mode',
    message: `object-lock-mode or legal-hold is set, but for ${storeName(request.endpoint)} the bucket ${quote(request.bucket)} has no Object Lock: enable it there, or leave the inputs out.`,
  };
}

function explainArchived(_facts: ErrorFacts, request: StoreRequest): Explanation {
  return {
    message: `${describeRequest(request)} failed: the object is in an archive storage class and has to be restored first.`,
    hint: 'Start a restore, e.g. with aws s3api restore-object, and try again when it is done.',
  };
}

function explainCertificate(facts: ErrorFacts, { endpoint }: StoreRequest): Explanation {
  return {
    message: `The TLS certificate of ${storeName(endpoint)} is not accepted: ${ownWords(facts)}.`,
    hint: 'For a private certificate authority set NODE_EXTRA_CA_CERTS to its PEM file in the environment of the job or the shell.',
  };
}

function explainNotS3(_facts: ErrorFacts, request: StoreRequest): Explanation {
  return {
    message: `${sentence(storeName(request.endpoint))} answered ${describeRequest(request)} with something that is not S3.`,
    hint: 'Check that endpoint is the address of the S3 API (not of a console or a web page), and whether a proxy answers instead.',
  };
}

function explainEmpty(_facts: ErrorFacts, request: StoreRequest): Explanation {
  return {
    message: `${sentence(storeName(request.endpoint))} answered ${describeRequest(request)} with success, but its reply says nothing.`,
    hint: 'If it goes on, check whether a proxy answers instead, and that endpoint is the address of the S3 API.',
  };
}

function explainCut(_facts: ErrorFacts, request: StoreRequest): Explanation {
  return {
    message: `${sentence(storeName(request.endpoint))} answered ${describeRequest(request)} with success, but its reply ends in the middle.`,
    hint: 'If it goes on, check whether a proxy or a load balancer cuts replies off.',
  };
}

function explainUnreachable(why: string): Explain {
  return (_facts, request) => ({
    message: `${sentence(storeName(request.endpoint))} could not be reached for ${describeRequest(request)}: ${why}.`,
    hint: 'Check endpoint and aws-region, the network, and https_proxy and no_proxy.',
  });
}

function explainInItsOwnWords(facts: ErrorFacts, request: StoreRequest): Explanation {
  return { message: `${describeRequest(request)} failed: ${ownWords(facts)}.` };
}

/** The store's words without a final full stop, else its code, else its status. */
function ownWords({ code, message, httpStatus }: ErrorFacts): string {
  const words = message.replace(/[.\s]+$/, '');
  const status = httpStatus === undefined ? '' : `HTTP ${httpStatus}`;
  const label = [code, status].filter((part) => part !== undefined && part !== '').join(', ');
  if (words === '') return label === '' ? 'no reason was given' : label;
  return label === '' ? words : `${words} (${label})`;
}
