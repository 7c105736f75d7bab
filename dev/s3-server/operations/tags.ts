import { badRequest } from '../errors.ts';
import type { Tag } from '../storage/objects.ts';

const MAX_TAGS = 10;
const MAX_KEY_CHARACTERS = 128;
const MAX_VALUE_CHARACTERS = 256;
const ALLOWED = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;

/**
 * Checks an object's tags by S3's rules.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-tagging.html
 * @throws {S3Error} BadRequest for too many, InvalidTag for one that S3 does not take.
 */
export function checkTags(tags: readonly Tag[]): readonly Tag[] {
  if (tags.length > MAX_TAGS) throw badRequest('BadRequest', 'Object tags cannot be greater than 10');
  if (new Set(tags.map(({ key }) => key)).size !== tags.length) {
    throw badRequest('InvalidTag', 'Cannot provide multiple Tags with the same key');
  }
  for (const { key, value } of tags) {
    if (key === '' || key.length > MAX_KEY_CHARACTERS || !ALLOWED.test(key) || key.startsWith('aws:')) {
      throw badRequest('InvalidTag', 'The TagKey you have provided is invalid');
    }
    if (value.length > MAX_VALUE_CHARACTERS || !ALLOWED.test(value)) {
      throw badRequest('InvalidTag', 'The TagValue you have provided is invalid');
    }
  }
  return tags;
}

/** The tags of an `x-amz-tagging` header, which is encoded as a query string. */
export function tagsFromHeader(header: string | undefined): readonly Tag[] {
  return checkTags([...new URLSearchParams(header ?? '')].map(([key, value]) => ({ key, value })));
}
