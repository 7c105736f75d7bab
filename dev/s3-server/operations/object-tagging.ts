import { methodNotAllowed } from '../errors.ts';
import { type Answer, emptyAnswer, xmlAnswer } from '../http/answer.ts';
import type { ObjectVersion } from '../storage/objects.ts';
import { findVersion } from '../storage/versions.ts';
import { childAt, childrenNamed, parseXml, textAt } from '../xml/parse.ts';
import { type BucketContext, takeText, versionIdOf } from './context.ts';
import { versionHeader } from './object-headers.ts';
import { checkTags } from './tags.ts';

function taggable({ bucket, request }: BucketContext): ObjectVersion {
  const version = findVersion(bucket, request.key, versionIdOf(request));
  if (version.kind === 'marker') throw methodNotAllowed({ 'x-amz-delete-marker': 'true' });
  return version;
}

export function getObjectTagging(context: BucketContext): Answer {
  const object = taggable(context);
  const tags = object.tags.map(({ key, value }) => ({ Key: key, Value: value }));
  return xmlAnswer('Tagging', { TagSet: { Tag: tags } }, versionHeader(context.bucket, object));
}

export async function putObjectTagging(context: BucketContext): Promise<Answer> {
  const root = parseXml(await takeText(context));
  const tags = childrenNamed(childAt(root, 'TagSet'), 'Tag').map((tag) => ({
    key: textAt(tag, 'Key') ?? '',
    value: textAt(tag, 'Value') ?? '',
  }));
  const object = taggable(context);
  object.tags = checkTags(tags);
  return emptyAnswer(versionHeader(context.bucket, object));
}

export function deleteObjectTagging(context: BucketContext): Answer {
  const object = taggable(context);
  object.tags = [];
  return emptyAnswer(versionHeader(context.bucket, object), 204);
}
