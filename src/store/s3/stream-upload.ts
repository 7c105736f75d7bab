import { crc32 } from 'node:zlib';
import { combineCrc32 } from '../../crc32-combine.ts';
import { blocksOf } from '../../stream-blocks.ts';
import type { ObjectKey } from '../object-key.ts';
import type { ObjectAttributes, ObjectStore, Part, PartUpload, StoredObject } from '../object-store.ts';
import { type RetryPorts, retry } from '../retry.ts';

/** Parts of streams, whose length is not known: 10,000 of them make 78 GiB. */
export const STREAM_PART_BYTES = 8 * 1024 * 1024;
const STREAM_PARTS_IN_FLIGHT = 2;

export interface StreamTarget {
  readonly key: ObjectKey;
  readonly attributes: ObjectAttributes;
}

/**
 * Stores a stream of any length as one object: by one request if it fits in a part, otherwise in parts, each of which is
 * kept in memory until the store has it.
 *
 * @throws BackupError, the signal's reason, or what the body threw as such; then no upload is left open
 */
export async function uploadStream(
  store: Pick<ObjectStore, 'put' | 'openUpload'>,
  { key, attributes }: StreamTarget,
  body: AsyncIterable<Uint8Array>,
  ports: RetryPorts,
): Promise<StoredObject> {
  const blocks = blocksOf(body, STREAM_PART_BYTES)[Symbol.asyncIterator]();
  try {
    const { value: first = Buffer.alloc(0) } = await blocks.next();
    if (first.byteLength < STREAM_PART_BYTES) return await store.put(key, first, attributes);
    const upload = await store.openUpload(key, { ...attributes, partSize: STREAM_PART_BYTES });
    try {
      return await upload.complete(await sendBlocks(first, blocks, upload, ports));
    } catch (error) {
      // What made the upload fail is what has to be told; a later prune finds uploads that were left open.
      await upload.abort().catch(() => {});
      throw error;
    }
  } finally {
    await blocks.return?.(undefined);
  }
}

async function sendBlocks(
  first: Buffer,
  rest: AsyncIterator<Buffer>,
  upload: PartUpload,
  ports: RetryPorts,
): Promise<{ readonly size: number; readonly crc32: number }> {
  const whole = { size: 0, crc32: 0 };
  const inFlight = new Set<Promise<void>>();
  let failure: Promise<never> | undefined;
  let bytes: Buffer | undefined = first;
  for (let number = 1; bytes !== undefined; number++) {
    const part: Part = { number, bytes, crc32: crc32(bytes) };
    whole.size += bytes.byteLength;
    whole.crc32 = combineCrc32(whole.crc32, part.crc32, bytes.byteLength);
    const sent: Promise<void> = retry(() => upload.putPart(part), ports).finally(() => inFlight.delete(sent));
    sent.catch((error: unknown) => {
      failure ??= Promise.reject(error);
      failure.catch(() => {});
    });
    inFlight.add(sent);
    if (inFlight.size >= STREAM_PARTS_IN_FLIGHT) await Promise.race(inFlight);
    if (failure !== undefined) await failure;
    bytes = (await rest.next()).value;
  }
  await Promise.all(inFlight);
  if (failure !== undefined) await failure;
  return whole;
}
