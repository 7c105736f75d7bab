import { malformedXml, S3Error } from '../errors.ts';
import { type Answer, xmlAnswer } from '../http/answer.ts';
import { deletePermissions } from '../policy/actions.ts';
import { currentObject, removeVersion } from '../storage/versions.ts';
import { childrenNamed, parseXml, textAt } from '../xml/parse.ts';
import type { XmlNode } from '../xml/write.ts';
import { checkDeleteCondition } from './conditions.ts';
import { type BucketContext, bypassesGovernance, takeText } from './context.ts';

const MAX_KEYS = 1000;

interface Deletion {
  readonly key: string;
  readonly versionId: string | undefined;
  readonly etag: string | undefined;
}

function parseDeletions(text: string): { quiet: boolean; deletions: Deletion[] } {
  const root = parseXml(text);
  const deletions = childrenNamed(root, 'Object').map((object) => {
    const key = textAt(object, 'Key');
    if (key === undefined || key === '') throw malformedXml();
    return { key, versionId: textAt(object, 'VersionId'), etag: textAt(object, 'ETag') };
  });
  if (deletions.length === 0 || deletions.length > MAX_KEYS) throw malformedXml();
  return { quiet: textAt(root, 'Quiet') === 'true', deletions };
}

function deleteOne({ server, bucket, request, access }: BucketContext, deletion: Deletion): XmlNode {
  const { key, versionId, etag } = deletion;
  const bypassGovernance = bypassesGovernance(request);
  const conditional = etag !== undefined;
  for (const action of deletePermissions({ versioned: versionId !== undefined, bypassGovernance, conditional })) {
    access.demand(action, { bucket: bucket.name, key });
  }
  checkDeleteCondition(etag, currentObject(bucket, key));
  const removal = removeVersion(server.bodies, bucket, key, { versionId, bypassGovernance, now: server.now() });
  const marker = removal.deleteMarker ? { DeleteMarker: true, DeleteMarkerVersionId: removal.versionId } : {};
  return { Key: key, VersionId: versionId, ...marker };
}

/** Deletes up to 1,000 keys; each one's failure is an entry of the answer, never the failure of the request. */
export async function deleteObjects(context: BucketContext): Promise<Answer> {
  const { quiet, deletions } = parseDeletions(await takeText(context));
  const deleted: XmlNode[] = [];
  const errors: XmlNode[] = [];
  for (const deletion of deletions) {
    const { key: Key, versionId: VersionId } = deletion;
    try {
      const scripted = context.keyError(Key);
      if (scripted !== undefined) throw scripted;
      deleted.push(deleteOne(context, deletion));
    } catch (error) {
      if (!(error instanceof S3Error)) throw error;
      errors.push({ Key, VersionId, Code: error.code, Message: error.message });
    }
  }
  return xmlAnswer('DeleteResult', { Deleted: quiet ? [] : deleted, Error: errors });
}
