import { Readable } from 'node:stream';
import type { PutObjectCommandInput } from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { BackupError, isClass } from '../../errors.ts';
import type { ObjectKey } from '../object-key.ts';
import type { S3Connection } from './connection.ts';
import { abortUpload } from './part-upload.ts';

/** Parts of streams, whose length is not known: 10,000 of them make 78 GiB. */
const STREAM_PART_BYTES = 8 * 1024 * 1024;
const STREAM_PARTS_IN_FLIGHT = 2;

/** Of an object that is stored now. */
export interface StreamReply {
  readonly ETag?: string | undefined;
  readonly VersionId?: string | undefined;
}

/**
 * Stores a stream of any length as one object: by one request if it fits in a part, otherwise in parts.
 *
 * @param params names the object and its attributes
 * @throws BackupError, the signal's reason, or what the body threw as such; then no upload is left open
 */
export async function uploadStream(
  connection: S3Connection,
  params: Omit<PutObjectCommandInput, 'Key' | 'Body'> & { readonly Key: ObjectKey },
  body: AsyncIterable<Uint8Array>,
): Promise<StreamReply> {
  const { client, signal, credentialRenewal } = connection.options;
  const renew = credentialRenewal();
  const source = Readable.from(body, { objectMode: false });
  const upload = new Upload({
    client,
    params: { ...params, Body: source },
    partSize: STREAM_PART_BYTES,
    queueSize: STREAM_PARTS_IN_FLIGHT,
    leavePartsOnError: false,
  });
  const abort = () => void upload.abort().catch(() => {});
  signal.addEventListener('abort', abort, { once: true });
  try {
    signal.throwIfAborted();
    return await upload.done();
  } catch (cause) {
    const error = errorOf(cause, connection, params.Key);
    if (isClass(error, 'expired')) await renew();
    await abandon(connection, params.Key, upload.uploadId);
    throw error;
  } finally {
    signal.removeEventListener('abort', abort);
    source.destroy();
  }
}

function errorOf(cause: unknown, { options }: S3Connection, key: ObjectKey): unknown {
  if (cause instanceof BackupError) return cause;
  if (options.signal.aborted) return options.signal.reason;
  return options.toError(cause, { operation: 'PutObject', key });
}

/** The library itself aborts only once the parts in flight have ended, and a cancelled process does not live that long. */
async function abandon(connection: S3Connection, key: ObjectKey, uploadId: string | undefined): Promise<void> {
  if (uploadId === undefined) return;
  // What made the upload fail is what has to be told; a later prune finds uploads that were left open.
  await abortUpload(connection, key, uploadId).catch(() => {});
}
