import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { combineCrc32 } from '../crc32-combine.ts';
import { BackupError } from '../errors.ts';
import { type Receipt, receiptOf } from '../series/receipt.ts';
import type { ObjectKey } from '../store/object-key.ts';
import type { ObjectAttributes, Part } from '../store/object-store.ts';
import { retry } from '../store/retry.ts';
import { abandonUpload } from './abandon-upload.ts';
import { openUpload, type PlacedUpload } from './open-upload.ts';
import type { PartBuffer, PartBuffers } from './part-buffers.ts';
import { MAX_PARTS } from './part-plan.ts';
import { measuredWhole, type UploadContext } from './upload-file.ts';

/** An object that is stored. */
export interface GrownObject {
  /** The one that was asked for, or that of an earlier attempt that has it. */
  readonly key: ObjectKey;
  readonly bytes: number;
  /** 64 hex digits. */
  readonly sha256: string;
  readonly receipt?: Receipt;
}

interface Placed {
  readonly key: ObjectKey;
  readonly receipt?: Receipt | undefined;
}

export interface GrowingTarget {
  readonly key: ObjectKey;
  readonly attributes: ObjectAttributes;
  /** Where its parts are filled. What fits in one is stored by one request. */
  readonly buffers: PartBuffers;
}

/**
 * An object whose length is not known before its end, stored while it grows: in one request if it fits in a part,
 * otherwise in parts. One part is being filled, others are on their way, as many as the lanes admit; a part that fails
 * is sent again from memory. Exactly one of `close` and `abandon` ends it.
 */
export class GrowingObject {
  readonly #target: GrowingTarget;
  readonly #context: UploadContext;
  readonly #sha256 = createHash('sha256');
  readonly #sending: Promise<void>[] = [];
  readonly #failed = Promise.withResolvers<never>();
  #upload: Promise<PlacedUpload> | undefined;
  /** Of the parts that are filled. */
  #crc32 = 0;
  /** Of the one that is being filled. */
  #partCrc32 = 0;
  #bytes = 0;
  #parts = 0;
  #buffer: PartBuffer | undefined;
  #filled = 0;
  /** Bytes of files in what is not sent yet. */
  #content = 0;

  constructor(target: GrowingTarget, context: UploadContext) {
    this.#target = target;
    this.#context = context;
    this.#failed.promise.catch(() => {});
  }

  /** Bytes so far. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Of the bytes so far, 64 hex digits. */
  get sha256(): string {
    return this.#sha256.copy().digest('hex');
  }

  /** Whether nothing of it is on its way yet: it fits in a part so far. */
  get isUnsent(): boolean {
    return this.#parts === 0;
  }

  /**
   * Takes bytes, which are copied; waits while there is no room for them.
   * @param content how many bytes of files are in them
   * @throws the first failure of a part
   */
  async append(bytes: Uint8Array, content: number): Promise<void> {
    this.#sha256.update(bytes);
    this.#bytes += bytes.byteLength;
    for (let rest = bytes; rest.byteLength > 0; ) {
      if (this.#filled === this.#buffer?.bytes.byteLength) await this.#sendFilled();
      this.#buffer ??= await this.#target.buffers.take();
      const { bytes: part } = this.#buffer;
      const piece = rest.subarray(0, part.byteLength - this.#filled);
      part.set(piece, this.#filled);
      this.#partCrc32 = crc32(piece, this.#partCrc32);
      this.#filled += piece.byteLength;
      rest = rest.subarray(piece.byteLength);
    }
    this.#content += content;
  }

  /** @throws what the store throws; then `abandon` is still to be called */
  async close(): Promise<GrownObject> {
    const { sha256 } = this;
    const placed = this.#upload === undefined ? await this.#putWhole(sha256) : await this.#complete(this.#upload);
    const { key, receipt } = placed;
    return { key, bytes: this.#bytes, sha256, ...(receipt && { receipt }) };
  }

  /** Leaves nothing behind, not even requests under way. Never throws. */
  async abandon(): Promise<void> {
    this.#buffer?.drop();
    this.#buffer = undefined;
    await Promise.allSettled(this.#sending);
    const [opened] = await Promise.allSettled([this.#upload]);
    if (opened.status === 'fulfilled' && opened.value !== undefined) {
      await abandonUpload(opened.value.upload, opened.value.key, this.#context.log);
    }
  }

  async #complete(opened: Promise<PlacedUpload>): Promise<Placed> {
    await this.#sendFilled();
    await Promise.race([this.#failed.promise, Promise.all(this.#sending)]);
    const { upload, key } = await opened;
    const [size, crc32] = [this.#bytes, this.#crc32];
    return { key, receipt: receiptOf(await upload.complete({ size, crc32 }), crc32) };
  }

  async #putWhole(sha256: string): Promise<Placed> {
    const buffer = this.#buffer ?? (await this.#target.buffers.take());
    this.#buffer = undefined;
    const body = buffer.bytes.subarray(0, this.#filled);
    const stored = Promise.withResolvers<Placed>();
    await buffer.send(async () => stored.resolve(await this.#storeWhole(body, sha256))).sent;
    return stored.promise;
  }

  async #storeWhole(body: Buffer, sha256: string): Promise<Placed> {
    const { store, earlier, onSent, signal } = this.#context;
    const { key, attributes } = this.#target;
    signal.throwIfAborted();
    const found = await earlier?.find(key, measuredWhole(body, sha256));
    if (found !== undefined) {
      onSent(0, this.#content);
      return found;
    }
    const receipt = receiptOf(await store.put(key, body, { ...attributes, sha256 }));
    onSent(body.byteLength, this.#content);
    return { key, receipt };
  }

  /** Returns once there is room for the next part. */
  async #sendFilled(): Promise<void> {
    const buffer = this.#buffer;
    if (buffer === undefined) return;
    if (this.#parts === MAX_PARTS) throw tooLong(this.#target.key, this.#bytes);
    this.#parts += 1;
    const bytes = buffer.bytes.subarray(0, this.#filled);
    const part: Part = { number: this.#parts, bytes, crc32: this.#partCrc32 };
    const content = this.#content;
    this.#crc32 = combineCrc32(this.#crc32, part.crc32, this.#filled);
    this.#partCrc32 = 0;
    this.#buffer = undefined;
    this.#filled = 0;
    this.#content = 0;
    this.#upload ??= this.#open();
    const { begun, sent } = buffer.send(() => this.#sendPart(part, content));
    sent.catch(this.#failed.reject);
    this.#sending.push(sent);
    await Promise.race([begun, this.#failed.promise]);
  }

  #open(): Promise<PlacedUpload> {
    const { key, attributes, buffers } = this.#target;
    const upload = openUpload(key, { ...attributes, partSize: buffers.size }, this.#context);
    upload.catch(this.#failed.reject);
    return upload;
  }

  async #sendPart(part: Part, content: number): Promise<void> {
    const { signal, onSent } = this.#context;
    const opened = await this.#upload;
    await retry(async () => {
      signal.throwIfAborted();
      await opened?.upload.putPart(part);
    }, this.#context);
    onSent(part.bytes.byteLength, content);
  }
}

/** Only of what had no length to plan with. */
function tooLong(key: string, bytes: number): BackupError {
  return new BackupError(`The object ${JSON.stringify(key)} is longer than ${MAX_PARTS} parts hold.`, {
    class: 'local',
    operation: 'UploadPart',
    key,
    expected: `${MAX_PARTS} parts`,
    found: `${bytes} bytes so far, and no end`,
    hint: 'Raise `part-size`, and `max-memory` with it; parts grow up to half of that.',
  });
}
