import { badRequest, S3Error } from '../errors.ts';
import { type Answer, emptyAnswer } from '../http/answer.ts';
import { PolicyError, parsePolicy } from '../policy/document.ts';
import type { Configuration } from './configurations.ts';
import { type BucketContext, type BucketOperation, takeText } from './context.ts';

/** The policy is the one configuration that is acted upon: it is parsed when it is put. */
function keepPolicy({ bucket }: BucketContext, text: string): void {
  try {
    bucket.policy = parsePolicy(text, 'resource');
  } catch (error) {
    if (error instanceof PolicyError) throw badRequest('MalformedPolicy', error.message);
    throw error;
  }
}

export const getConfiguration =
  ({ subresource, missingCode }: Configuration): BucketOperation =>
  ({ bucket }) => {
    const stored = bucket.configurations.get(subresource);
    if (stored === undefined) throw new S3Error(404, missingCode, `The ${subresource} configuration does not exist`);
    const type = subresource === 'policy' ? 'application/json' : 'application/xml';
    return { status: 200, headers: { 'content-type': type }, body: stored };
  };

export const putConfiguration =
  ({ subresource }: Configuration): BucketOperation =>
  async (context): Promise<Answer> => {
    const text = await takeText(context);
    if (subresource === 'policy') keepPolicy(context, text);
    context.bucket.configurations.set(subresource, text);
    return emptyAnswer({}, subresource === 'policy' ? 204 : 200);
  };

export const deleteConfiguration =
  ({ subresource }: Configuration): BucketOperation =>
  ({ bucket }) => {
    bucket.configurations.delete(subresource);
    if (subresource === 'policy') bucket.policy = undefined;
    return emptyAnswer({}, 204);
  };
