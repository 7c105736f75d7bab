import { accessDenied, noSuchBucket, S3Error } from '../errors.ts';
import { scriptedKeyError } from '../faults/perform.ts';
import type { FiredFault } from '../faults/registry.ts';
import type { ServiceContext } from '../operations/context.ts';
import { BUCKET_OPERATIONS, isServiceOperation, SERVICE_OPERATIONS } from '../operations/table.ts';
import { asSeenBy } from '../personality.ts';
import { type Access, accessOf } from '../policy/access.ts';
import { requiredActions } from '../policy/actions.ts';
import type { Principal } from '../policy/principal.ts';
import { requestContext } from '../policy/request-context.ts';
import { type Authentication, verifySignature } from '../sigv4/verify.ts';
import type { ServerState } from '../state.ts';
import type { Bucket } from '../storage/bucket.ts';
import { currentObject } from '../storage/versions.ts';
import type { Answer } from './answer.ts';
import type { S3Request } from './request.ts';
import type { S3Operation } from './routes.ts';

/** What the dispatcher tells about a request while it works on it. */
export interface S3Call {
  readonly request: S3Request;
  readonly operation: S3Operation;
  readonly faults: readonly FiredFault[];
  readonly authenticated: (principal: Principal) => void;
}

/** A signature for the endpoint's own region is redirected; one for any other is plainly wrong. */
function checkRegion(server: ServerState, bucket: Bucket | undefined, region: string): void {
  const expected = bucket?.region ?? server.region;
  if (region === expected) return;
  const headers = { 'x-amz-bucket-region': bucket?.region };
  if (bucket !== undefined && region === server.region) {
    throw new S3Error(
      301,
      'PermanentRedirect',
      'The bucket you are attempting to access must be addressed using the specified endpoint. Please send all future requests to this endpoint.',
      { headers, detail: { Endpoint: `s3.${expected}.amazonaws.com`, Bucket: bucket.name } },
    );
  }
  throw new S3Error(
    400,
    'AuthorizationHeaderMalformed',
    `The authorization header is malformed; the region '${region}' is wrong; expecting '${expected}'`,
    { headers, detail: { Region: expected } },
  );
}

function authenticate(server: ServerState, call: S3Call, bucket: Bucket | undefined): Authentication {
  const auth = verifySignature(call.request, server.credentials, {
    service: 's3',
    checkRegion: (region) => checkRegion(server, bucket, region),
    now: server.now(),
  });
  call.authenticated(auth.principal);
  return auth;
}

/** A bucket whose owner is not the expected one is closed. */
function checkOwner(bucket: Bucket | undefined, request: S3Request): void {
  const expected = request.headers['x-amz-expected-bucket-owner'];
  if (bucket !== undefined && expected !== undefined && expected !== bucket.owner) throw accessDenied();
}

function makeAccess(server: ServerState, operation: S3Operation, request: S3Request, principal: Principal): Access {
  const bucket = server.buckets.get(request.bucket);
  const context = () =>
    requestContext(operation, request, principal, {
      now: server.now(),
      account: bucket?.owner ?? server.account,
      existing: bucket && currentObject(bucket, request.key),
    });
  return accessOf(principal, context, (name) => server.buckets.get(name));
}

/** @throws {S3Error} NoSuchBucket when the operation needs one. */
function handlerOf(
  operation: S3Operation,
  context: ServiceContext,
  bucket: Bucket | undefined,
): () => Answer | Promise<Answer> {
  if (isServiceOperation(operation)) return () => SERVICE_OPERATIONS[operation](context);
  if (bucket === undefined) throw noSuchBucket(context.request.bucket);
  return () => BUCKET_OPERATIONS[operation]({ ...context, bucket });
}

/**
 * Authenticates, authorises and carries out a request.
 * @throws {S3Error}
 */
async function perform(server: ServerState, call: S3Call): Promise<Answer> {
  const bucket = server.buckets.get(call.request.bucket);
  const auth = authenticate(server, call, bucket);
  const request = asSeenBy(server.personality, call.operation, call.request);
  checkOwner(bucket, request);
  const access = makeAccess(server, call.operation, request, auth.principal);
  const keyError = (key: string) => scriptedKeyError(call.faults, key);
  const context: ServiceContext = { server, request, auth, access, keyError };
  const handle = handlerOf(call.operation, context, bucket);
  for (const action of requiredActions(call.operation, request)) {
    access.demand(action, { bucket: request.bucket || '*', key: request.key });
  }
  return handle();
}

/** As `perform`; HeadBucket's errors tell the bucket's region too, as on S3. */
export async function dispatchS3(server: ServerState, call: S3Call): Promise<Answer> {
  try {
    return await perform(server, call);
  } catch (error) {
    const region = server.buckets.get(call.request.bucket)?.region;
    if (!(error instanceof S3Error) || call.operation !== 'HeadBucket' || region === undefined) throw error;
    const { status, code, message, headers, detail } = error;
    throw new S3Error(status, code, message, { headers: { ...headers, 'x-amz-bucket-region': region }, detail });
  }
}
