import { createHash } from 'node:crypto';
import type { PartUpload, StoredObject } from '../store/object-store.ts';
import { etagOfParts } from '../store/same-part.ts';
import type { UploadContext } from './upload-file.ts';

/**
 * A context in which nothing is sent: what goes through it gets the ETag that S3 would give it. What an earlier attempt
 * has stored is found by that, and the same code makes the bytes in the same parts.
 */
export function measuring(context: UploadContext): UploadContext {
  const { earlier: _, ...rest } = context;
  return { ...rest, store: MEASURING_STORE, onSent: () => {} };
}

const MEASURING_STORE: UploadContext['store'] = {
  async put(_key, body): Promise<StoredObject> {
    const md5 = md5Of(body);
    return { etag: `"${md5}"`, md5 };
  },
  async openUpload(): Promise<PartUpload> {
    const md5s = new Map<number, string>();
    return {
      uploadId: 'measured',
      async putPart({ number, bytes }) {
        md5s.set(number, md5Of(bytes));
      },
      async complete() {
        const inOrder = [...md5s].sort(([a], [b]) => a - b).map(([, md5]) => md5);
        return { etag: `"${etagOfParts(inOrder)}"` };
      },
      async abort() {},
    };
  },
};

function md5Of(bytes: Uint8Array): string {
  return createHash('md5').update(bytes).digest('hex');
}
