import { createHash } from 'node:crypto';
import { checkUnchanged, type UploadContext, type UploadedFile, withFile } from './upload-file.ts';

const CHUNK_BYTES = 1024 * 1024;

/** Reads a file for its SHA-256 alone. @throws BackupError of class `local` */
export function digestFile(path: string, context: UploadContext): Promise<UploadedFile> {
  return context.lanes.withBuffer(CHUNK_BYTES, (buffer) =>
    withFile(path, context, async (file) => {
      const hash = createHash('sha256');
      const { size, mode, mtimeNs } = file.state;
      let position = 0;
      while (position < size) {
        context.signal.throwIfAborted();
        const read = await file.read(buffer.subarray(0, Math.min(CHUNK_BYTES, size - position)), position);
        if (read === 0) break;
        hash.update(buffer.subarray(0, read));
        position += read;
      }
      const changed = await checkUnchanged(file, position, context.failOnChange);
      return { size: position, sha256: hash.digest('hex'), mode, mtimeNs, changed };
    }),
  );
}
