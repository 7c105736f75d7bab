import { type Answer, emptyAnswer } from '../http/answer.ts';
import { currentObject, removeVersion } from '../storage/versions.ts';
import { checkDeleteCondition } from './conditions.ts';
import { type BucketContext, bypassesGovernance, versionIdOf } from './context.ts';

export function deleteObject({ server, bucket, request }: BucketContext): Answer {
  checkDeleteCondition(request.headers['if-match'], currentObject(bucket, request.key));
  const removal = removeVersion(server.bodies, bucket, request.key, {
    versionId: versionIdOf(request),
    bypassGovernance: bypassesGovernance(request),
    now: server.now(),
  });
  const headers = {
    'x-amz-version-id': removal.versionId,
    'x-amz-delete-marker': removal.deleteMarker ? 'true' : undefined,
  };
  return emptyAnswer(headers, 204);
}
