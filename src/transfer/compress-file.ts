import { freeMemory } from '../free-memory.ts';
import type { StoredForm } from '../series/model.ts';
import type { Receipt } from '../series/receipt.ts';
import type { SourceFile } from '../source-file.ts';
import type { ObjectKey } from '../store/object-key.ts';
import type { ObjectAttributes } from '../store/object-store.ts';
import { checkFits } from './check-fits.ts';
import { type FileDigest, fileFrames } from './file-frames.ts';
import { GrowingObject } from './growing-object.ts';
import { measuring } from './measuring-store.ts';
import { leasedBuffers } from './part-buffers.ts';
import { partSizeFor } from './part-plan.ts';
import { checkUnchanged, type UploadContext, type UploadedFile, withFile } from './upload-file.ts';

/** What zstd can at most add to a mebibyte, generously. */
const FRAME_OVERHEAD = 1.01;

export interface CompressedFile {
  readonly read: UploadedFile;
  /** Of the object. */
  readonly key: ObjectKey;
  readonly stored: StoredForm;
  readonly receipt?: Receipt;
}

interface CompressionTarget {
  readonly key: ObjectKey;
  readonly attributes: ObjectAttributes;
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
  target: CompressionTarget,
  level: number,
  context: UploadContext,
): Promise<CompressedFile> {
  const { earlier } = context;
  return withFile(path, context, async (file) => {
    // Where an earlier attempt has an object of this name, it is sent only if it is another.
    if (earlier !== undefined && (await earlier.sizesOf(target.key)).length > 0) {
      const made = await compressInto(file, target, level, measuring(context));
      const { bytes, sha256 } = made.stored;
      const found = await earlier.find(target.key, { bytes, sha256, receipt: () => made.receipt });
      if (found !== undefined) {
        context.onSent(0, made.read.size);
        return { ...made, ...found };
      }
    }
    return compressInto(file, target, level, context);
  });
}

async function compressInto(
  file: SourceFile,
  target: CompressionTarget,
  level: number,
  context: UploadContext,
): Promise<CompressedFile> {
  const { size } = file.state;
  const partSize = partSizeFor(Math.ceil(size * FRAME_OVERHEAD), context.partSize);
  checkFits(file.path, size, partSize, context.lanes.memory.capacityBytes);
  const object = new GrowingObject({ ...target, buffers: leasedBuffers(context.lanes, partSize) }, context);
  try {
    const digest: FileDigest = { size: 0, sha256: '', read: 0 };
    for await (const frame of fileFrames(file, digest, { level, signal: context.signal })) {
      await object.append(frame.bytes, frame.content);
      freeMemory(frame.bytes);
    }
    const changed = await checkUnchanged(file, digest.read, context.failOnChange);
    const { key, receipt, ...stored } = await object.close();
    const { mode, mtimeNs } = file.state;
    return {
      read: { size: digest.size, sha256: digest.sha256, mode, mtimeNs, changed },
      key,
      stored: { encoding: 'zstd', ...stored },
      ...(receipt && { receipt }),
    };
  } catch (error) {
    await object.abandon();
    throw error;
  }
}
