import { freeMemory } from '../free-memory.ts';
import type { StoredForm } from '../series/model.ts';
import type { Receipt } from '../series/receipt.ts';
import type { ObjectKey } from '../store/object-key.ts';
import type { ObjectAttributes } from '../store/object-store.ts';
import { type FileDigest, fileFrames } from './file-frames.ts';
import { GrowingObject } from './growing-object.ts';
import { leasedBuffers } from './part-buffers.ts';
import { partSizeFor } from './part-plan.ts';
import { checkUnchanged, type UploadContext, type UploadedFile, withFile } from './upload-file.ts';

/** What zstd can at most add to a mebibyte, generously. */
const FRAME_OVERHEAD = 1.01;

export interface CompressedFile {
  readonly read: UploadedFile;
  readonly stored: StoredForm;
  readonly receipt?: Receipt;
}

/**
 * Stores a file as one object of zstd frames, which `zstd -d` reads. It is read once; its length when stored is not
 * known before its end, so it grows part by part.
 *
 * @param level of zstd
 * @throws BackupError of class `local` (vanished, changed, unreadable) or what the store throws; then nothing is left
 */
export async function compressFile(
  path: string,
  target: { readonly key: ObjectKey; readonly attributes: ObjectAttributes },
  level: number,
  context: UploadContext,
): Promise<CompressedFile> {
  return withFile(path, context, async (file) => {
    const partSize = partSizeFor(Math.ceil(file.state.size * FRAME_OVERHEAD), context.partSize);
    const object = new GrowingObject({ ...target, buffers: leasedBuffers(context.lanes, partSize) }, context);
    try {
      const digest: FileDigest = { size: 0, sha256: '', read: 0 };
      for await (const frame of fileFrames(file, digest, { level, signal: context.signal })) {
        await object.append(frame.bytes, frame.content);
        freeMemory(frame.bytes);
      }
      const changed = await checkUnchanged(file, digest.read, context.failOnChange);
      const { receipt, ...stored } = await object.close();
      const { mode, mtimeNs } = file.state;
      return {
        read: { size: digest.size, sha256: digest.sha256, mode, mtimeNs, changed },
        stored: { encoding: 'zstd', ...stored },
        ...(receipt && { receipt }),
      };
    } catch (error) {
      await object.abandon();
      throw error;
    }
  });
}
