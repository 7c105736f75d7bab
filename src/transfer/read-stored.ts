import { createHash } from 'node:crypto';
import { freeMemory } from '../free-memory.ts';
import { PackProblem } from '../pack/problem.ts';
import { withSecondLook } from '../second-look.ts';
import type { ObjectKey } from '../store/object-key.ts';
import { readFrames } from './read-frames.ts';
import type { ReadContext, Sink } from './read-object.ts';

/** A compressed object, and what it decodes to. */
export interface StoredContent {
  readonly key: ObjectKey;
  /** Of the entry it is read for, for errors. Hostile text. */
  readonly path?: string;
  /** As stored. */
  readonly bytes: number;
  /** As stored, 64 hex digits. Absent: what it decodes to is proof enough. */
  readonly storedSha256?: string;
  /** Decoded. */
  readonly size: number;
  /** Decoded, 64 hex digits. */
  readonly sha256: string;
}

/**
 * Reads a compressed object to its last byte and compares what it decodes to. No more than `size` bytes are handed on,
 * whatever there are.
 *
 * @throws BackupError with code `DAMAGED` for other bytes; of class `not-found`; what the sink throws
 */
export function readStored(content: StoredContent, sink: Sink, context: ReadContext): Promise<void> {
  return withSecondLook(() => readOnce(content, sink, context));
}

async function readOnce(content: StoredContent, sink: Sink, context: ReadContext): Promise<void> {
  const { key, path, bytes, storedSha256, size } = content;
  const [stored, decoded] = [createHash('sha256'), createHash('sha256')];
  let position = 0;
  const onFrame = async ({ content: chunk }: { readonly content: Buffer }) => {
    if (position + chunk.byteLength > size) throw new PackProblem(`it decodes to more than ${size} bytes`);
    decoded.update(chunk);
    await sink(chunk, position);
    position += chunk.byteLength;
    freeMemory(chunk);
  };
  const onEnd = () => {
    if (position !== size) throw new PackProblem(`it decodes to ${position} bytes instead of ${size}`);
    checkDigest('it decodes to', content.sha256, decoded.digest('hex'));
    if (storedSha256 !== undefined) checkDigest('it has', storedSha256, stored.digest('hex'));
  };
  const onStored = storedSha256 === undefined ? undefined : (chunk: Uint8Array) => void stored.update(chunk);
  const frames = { key, ...(path !== undefined && { path }), start: 0, end: bytes };
  await readFrames(frames, { onFrame, onEnd, ...(onStored && { onStored }) }, context);
}

function checkDigest(what: string, expected: string, found: string): void {
  if (found !== expected) throw new PackProblem(`${what} SHA-256 ${found} instead of ${expected}`);
}
