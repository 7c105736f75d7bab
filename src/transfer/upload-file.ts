import { hash } from 'node:crypto';
import type { Log } from '../log.ts';
import type { ContentLocation, FileEntry } from '../series/model.ts';
import { type Receipt, receiptOf } from '../series/receipt.ts';
import { changedError, differs, inWords, readWhole, SourceFile, type WholeFile } from '../source-file.ts';
import type { ObjectKey } from '../store/object-key.ts';
import type { ObjectAttributes, ObjectStore } from '../store/object-store.ts';
import type { RetryPorts } from '../store/retry.ts';
import { abandonUpload } from './abandon-upload.ts';
import { checkFits } from './check-fits.ts';
import type { EarlierAttempts, Measured } from './earlier-attempts.ts';
import type { KnownContent } from './known-content.ts';
import type { Lanes } from './lanes.ts';
import { measuring } from './measuring-store.ts';
import { openUpload } from './open-upload.ts';
import { partSizeFor } from './part-plan.ts';
import { sendParts } from './send-parts.ts';

/** What an upload needs besides the file. */
export interface UploadContext extends RetryPorts {
  readonly store: Pick<ObjectStore, 'put' | 'openUpload'>;
  /** What earlier attempts at the version have stored. Absent of the first. */
  readonly earlier?: EarlierAttempts;
  readonly lanes: Lanes;
  /** Bytes; larger files go in parts of this size. */
  readonly partSize: number;
  readonly signal: AbortSignal;
  readonly log: Log;
  /** True: a file that changes while it is read is an error; false: what was read is stored, and `changed` says so. */
  readonly failOnChange: boolean;
  /** What is stored already and is only referred to. */
  readonly known: KnownContent;
  /**
   * Called for every body the store has taken, and for every file that did not have to be sent: the bytes that were
   * sent, and how many bytes of files that settles.
   */
  readonly onSent: (bytes: number, content: number) => void;
}

/** A file to be stored. */
export interface FileToStore {
  readonly absolutePath: string;
  /** Bytes, as listed; a file that has grown since is measured again. */
  readonly size: number;
  /** What the base has at this path. */
  readonly before?: FileEntry | undefined;
}

/** The object a file becomes if its content is stored nowhere yet. */
export interface UploadTarget {
  readonly key: ObjectKey;
  /** A key as entries refer to it. */
  readonly relative: (key: ObjectKey) => string;
  readonly attributes: ObjectAttributes;
}

export interface UploadedFile {
  /** Bytes that were read and stored. */
  readonly size: number;
  /** Of these bytes, 64 hex digits. */
  readonly sha256: string;
  /** Permission bits. */
  readonly mode: number;
  readonly mtimeNs: bigint;
  readonly changed: boolean;
}

/** A file of which it is known where its content is: in the target, or where an equal one was before. */
export interface LocatedFile extends UploadedFile {
  readonly location: ContentLocation;
}

/** One entry's bytes, read once: what is hashed is what is sent. */
interface Digested {
  readonly size: number;
  readonly sha256: string;
  readonly changed: boolean;
}

/**
 * Stores one file as one object: in one request up to the part size, in parallel parts above. One that goes in one
 * request is read, hashed, looked up and, unless its content is known, sent from the same memory.
 *
 * @throws BackupError of class `local` (vanished, changed, unreadable) or what the store throws
 */
export async function uploadFile(
  source: FileToStore,
  target: UploadTarget,
  context: UploadContext,
): Promise<LocatedFile> {
  const { lanes, partSize } = context;
  const { absolutePath, before } = source;
  for (let { size } = source; size <= partSize; ) {
    // One byte more than expected shows a file that grows while it is read.
    const outcome = await lanes.withBuffer(size + 1, async (buffer) => {
      context.signal.throwIfAborted();
      const file = await readWhole(absolutePath, buffer);
      return file.state.size > size ? file.state.size : putWhole(file, buffer, { target, before }, context);
    });
    if (typeof outcome !== 'number') return outcome;
    size = outcome;
  }
  return lanes.largeFile(() => withFile(absolutePath, context, (file) => putInParts(file, target, context)));
}

interface Wanted {
  readonly target: UploadTarget;
  readonly before: FileEntry | undefined;
}

/** Runs `work` with a file that is open. @throws BackupError of class `local`, code `VANISHED` where it is gone */
export async function withFile<T>(
  path: string,
  { signal }: UploadContext,
  work: (file: SourceFile) => Promise<T>,
): Promise<T> {
  signal.throwIfAborted();
  const file = await SourceFile.open(path);
  try {
    return await work(file);
  } finally {
    await file.close();
  }
}

async function putWhole(
  file: WholeFile,
  buffer: Buffer,
  { target, before }: Wanted,
  { store, earlier, failOnChange, known, onSent }: UploadContext,
): Promise<LocatedFile> {
  const { state, read, changed } = file;
  if (changed && failOnChange) throw changedError(file.path, `${state.size} bytes`, `${read} bytes`);
  const body = buffer.subarray(0, Math.min(read, state.size));
  const content = { size: body.byteLength, sha256: hash('sha256', body) };
  let isSent = false;
  const location = await known.once(content, before, async () => {
    const found = await earlier?.find(target.key, measuredWhole(body, content.sha256));
    if (found !== undefined) return locationOf(target, found);
    const receipt = receiptOf(await store.put(target.key, body, { ...target.attributes, sha256: content.sha256 }));
    onSent(body.byteLength, body.byteLength);
    isSent = true;
    return locationOf(target, { key: target.key, receipt });
  });
  if (!isSent) onSent(0, body.byteLength);
  return { ...uploadedFile(file, { ...content, changed }), location };
}

/** What is in memory as a whole. */
export function measuredWhole(body: Uint8Array, sha256: string): Measured {
  return { bytes: body.byteLength, sha256, receipt: () => ({ md5: hash('md5', body) }) };
}

function locationOf(
  { relative }: UploadTarget,
  { key, receipt }: { readonly key: ObjectKey; readonly receipt?: Receipt | undefined },
): ContentLocation {
  return { key: relative(key), ...(receipt && { receipt }) };
}

/** Where an earlier attempt has an object of this name and size, the file is read first, and sent only if it is another. */
async function putInParts(file: SourceFile, target: UploadTarget, context: UploadContext): Promise<LocatedFile> {
  const { earlier } = context;
  const { size } = file.state;
  if (earlier !== undefined && (await earlier.sizesOf(target.key)).includes(size)) {
    const read = await sendInParts(file, target, measuring(context));
    const measured = { bytes: read.size, sha256: read.sha256, receipt: () => read.location.receipt };
    const found = await earlier.find(target.key, measured);
    if (found !== undefined) {
      context.onSent(0, read.size);
      return { ...read, location: locationOf(target, found) };
    }
  }
  return sendInParts(file, target, context);
}

async function sendInParts(file: SourceFile, target: UploadTarget, context: UploadContext): Promise<LocatedFile> {
  const { size } = file.state;
  const partSize = partSizeFor(size, context.partSize);
  checkFits(file.path, size, partSize, context.lanes.memory.capacityBytes);
  const { upload, key } = await openUpload(target.key, { ...target.attributes, size, partSize }, context);
  try {
    const sent = await sendParts(file, partSize, upload, context);
    const changed = await checkUnchanged(file, sent.size, context.failOnChange);
    const receipt = receiptOf(await upload.complete(sent), sent.crc32);
    const read = uploadedFile(file, { size: sent.size, sha256: sent.sha256, changed });
    return { ...read, location: locationOf(target, { key, receipt }) };
  } catch (error) {
    await abandonUpload(upload, key, context.log);
    throw error;
  }
}

function uploadedFile(file: Pick<SourceFile, 'state'>, digested: Digested): UploadedFile {
  const { mode, mtimeNs } = file.state;
  return { ...digested, mode, mtimeNs };
}

/**
 * True if the file is not as it was when it was opened, or not all of it was read.
 * @throws BackupError of class `local`, code `CHANGED`, where that is an error
 */
export async function checkUnchanged(file: SourceFile, read: number, failOnChange: boolean): Promise<boolean> {
  const { state } = file;
  const now = await file.look();
  const changed = read !== state.size || differs(state, now);
  if (changed && failOnChange) throw changedError(file.path, inWords(state), inWords(now, read));
  return changed;
}
