import { accessDenied } from '../errors.ts';
import type { ConditionContext } from './conditions.ts';
import { refusalOf } from './decide.ts';
import type { PolicyDocument } from './document.ts';
import type { Principal } from './principal.ts';

/** A bucket, or an object in it. */
export interface ResourceName {
  readonly bucket: string;
  readonly key?: string;
}

/** What matters of a bucket to those who want in. */
export interface Guarded {
  /** Account id. */
  readonly owner: string;
  readonly policy: PolicyDocument | undefined;
}

/** What one request's principal may do. */
export interface Access {
  permits(action: string, resource: ResourceName): boolean;
  /** @throws {S3Error} AccessDenied, in AWS's words. */
  demand(action: string, resource: ResourceName): void;
}

export const resourceArn = ({ bucket, key }: ResourceName): string =>
  key === undefined || key === '' ? `arn:aws:s3:::${bucket}` : `arn:aws:s3:::${bucket}/${key}`;

/**
 * @param makeContext called once at most, and not for a principal that no policy limits.
 * @param bucketNamed undefined for a bucket that is not there; it counts as the principal's own.
 */
export function accessOf(
  principal: Principal,
  makeContext: () => ConditionContext,
  bucketNamed: (name: string) => Guarded | undefined,
): Access {
  let context: ConditionContext | undefined;
  const refusal = (action: string, resource: ResourceName): string | undefined => {
    const { owner: resourceOwner, policy: resourcePolicy } = bucketNamed(resource.bucket) ?? {
      owner: principal.account,
      policy: undefined,
    };
    const unlimited = principal.kind === 'root' && principal.account === resourceOwner && resourcePolicy === undefined;
    if (unlimited) return undefined;
    context ??= makeContext();
    return refusalOf({ principal, action, resource: resourceArn(resource), context, resourcePolicy, resourceOwner });
  };
  return {
    permits: (action, resource) => refusal(action, resource) === undefined,
    demand: (action, resource) => {
      const why = refusal(action, resource);
      if (why !== undefined) throw accessDenied(why);
    },
  };
}
