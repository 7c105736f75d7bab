import { claimOf } from '../pack/member-claim.ts';
import { MemberStream } from '../pack/member-stream.ts';
import { withSecondLook } from '../second-look.ts';
import type { FileEntry, Slice } from '../series/model.ts';
import type { ObjectKey } from '../store/object-key.ts';
import { readFrames } from './read-frames.ts';
import { type ReadContext, readObject, type Sink } from './read-object.ts';
import { readStored } from './read-stored.ts';

/** A file, and where its bytes are. */
export interface EntrySource {
  readonly entry: FileEntry;
  /** Of its object. */
  readonly key: ObjectKey;
  /** Whether the object is of the very version that is read, and not of one it leans on. */
  readonly isOwn: boolean;
}

/**
 * Reads the bytes of a file, in whatever form they are stored, and compares size and SHA-256 with what the entry says;
 * of a packed one also the tar header. Only when this returns are the bytes in the sink known to be good.
 *
 * @throws BackupError with code `DAMAGED` for other bytes; of class `not-found`; what the sink throws
 */
export function readEntry({ entry, key, isOwn }: EntrySource, sink: Sink, context: ReadContext): Promise<void> {
  const { path, stored, slice, size, sha256 } = entry;
  if (stored !== undefined) return readStored({ key, path, bytes: stored.bytes, size, sha256 }, sink, context);
  if (slice !== undefined) return withSecondLook(() => readMember({ entry, key, isOwn }, slice, sink, context));
  return readObject({ key, size, sha256 }, sink, context);
}

async function readMember(
  { entry, key, isOwn }: EntrySource,
  slice: Slice,
  sink: Sink,
  context: ReadContext,
): Promise<void> {
  const member = new MemberStream(claimOf(entry, slice, isOwn));
  let position = 0;
  const checked = {
    onFrame: async ({ content: decoded }: { readonly content: Buffer }) => {
      const content = member.take(decoded);
      if (content.byteLength > 0) await sink(content, position);
      position += content.byteLength;
    },
    onEnd: () => member.finish(),
  };
  const { offset, bytes } = slice;
  await readFrames({ key, path: entry.path, start: offset, end: offset + bytes }, checked, context);
}
