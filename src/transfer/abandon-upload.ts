import { messageOf } from '../errors.ts';
import type { Log } from '../log.ts';
import type { PartUpload } from '../store/object-store.ts';

/**
 * Aborts an upload that failed. The failure that led here matters more than one of the abort; an upload left open is
 * cleaned up by a later prune.
 */
export async function abandonUpload(upload: Pick<PartUpload, 'abort'>, key: string, log: Log): Promise<void> {
  try {
    await upload.abort();
  } catch (error) {
    log.warn({
      kind: 'upload-not-aborted',
      message:
        'A multipart upload could not be aborted; its parts are billed until a later prune or a lifecycle rule removes them.',
      reason: `${key}: ${messageOf(error)}`,
    });
  }
}
