import type { fromWebToken } from '@aws-sdk/credential-providers';
import type { RequestMeter } from './request-meter.ts';
import type { StoreClock } from './store-clock.ts';

/** Something that adds middleware to any SDK client. */
export type ClientPlugin = NonNullable<Parameters<typeof fromWebToken>[0]['clientPlugins']>[number];

interface HttpRequest {
  method: string;
  query: Record<string, unknown>;
  headers: Record<string, string>;
}

/**
 * Watches every HTTP attempt, retries included: counts it, and takes the server's time from the reply.
 */
export function watchHttp(watch: { readonly meter?: RequestMeter; readonly clock?: StoreClock }): ClientPlugin {
  return {
    applyToStack(stack) {
      stack.add(
        (next) => async (args) => {
          if (isHttpRequest(args.request)) watch.meter?.count(args.request);
          const result = await next(args);
          watch.clock?.observe(headerOf(result.response, 'date'));
          return result;
        },
        // Nearer to the network than the parsing of replies, so that error replies are seen as well.
        { step: 'deserialize', priority: 'low', name: 'watchHttp', override: true },
      );
    },
  };
}

/** What a request signed with a wrong time is refused with. */
const SKEW_CODES: ReadonlySet<unknown> = new Set([
  'RequestTimeTooSkewed',
  'RequestExpired',
  'SignatureDoesNotMatch',
  'InvalidSignatureException',
  'AuthFailure',
]);

/**
 * Lets the SDK try again for a wrong clock only what was refused for it. On a machine whose clock is four minutes off
 * the SDK marks every error that way, so that a plain 404 or 412 would go out ten times.
 */
export const retrySkewOnlyWhereRefused: ClientPlugin = {
  applyToStack(stack) {
    const middleware =
      <Args, Result>(next: (args: Args) => Promise<Result>) =>
      (args: Args): Promise<Result> =>
        next(args).catch((error: unknown) => {
          unmarkSkew(error);
          throw error;
        });
    // Between the retries and the signing, whose error handler sets the mark.
    stack.addRelativeTo(middleware, {
      relation: 'after',
      toMiddleware: 'retryMiddleware',
      name: 'retrySkewOnlyWhereRefused',
      override: true,
    });
  },
};

function unmarkSkew(error: unknown): void {
  if (!(error instanceof Error) || !('$metadata' in error)) return;
  const { name, $metadata: metadata } = error;
  if (typeof metadata !== 'object' || metadata === null) return;
  // A refused HEAD has only its status.
  const withoutCode = name === 'Unknown' && 'httpStatusCode' in metadata && metadata.httpStatusCode === 403;
  if (!SKEW_CODES.has(name) && !withoutCode) Reflect.deleteProperty(metadata, 'clockSkewCorrected');
}

/** Only here is `x-amz-checksum-sha256` the checksum of the request's own body. */
const BODY_CHECKSUM_COMMANDS: ReadonlySet<unknown> = new Set(['PutObjectCommand', 'UploadPartCommand']);

/**
 * Lets the signature take over a SHA-256 that is already known. The signer keeps an `x-amz-content-sha256` it finds
 * and would otherwise hash the body once more; the server checks the body against it either way.
 */
export const reusePayloadSha256: ClientPlugin = {
  applyToStack(stack) {
    stack.add(
      (next, context) => async (args) => {
        if (BODY_CHECKSUM_COMMANDS.has(context.commandName) && isHttpRequest(args.request)) {
          const { headers } = args.request;
          const checksum = headers['x-amz-checksum-sha256'];
          if (checksum !== undefined)
            headers['x-amz-content-sha256'] ??= Buffer.from(checksum, 'base64').toString('hex');
        }
        return next(args);
      },
      { step: 'build', priority: 'low', name: 'reusePayloadSha256', override: true },
    );
  },
};

function isHttpRequest(value: unknown): value is HttpRequest {
  return typeof value === 'object' && value !== null && 'method' in value && 'query' in value && 'headers' in value;
}

/** A header of an SDK reply, whose names are in lower case. */
export function headerOf(response: unknown, name: string): string | undefined {
  if (typeof response !== 'object' || response === null || !('headers' in response)) return undefined;
  const { headers } = response;
  if (typeof headers !== 'object' || headers === null) return undefined;
  const value: unknown = Reflect.get(headers, name);
  return typeof value === 'string' ? value : undefined;
}
