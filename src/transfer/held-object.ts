import { randomUUID } from 'node:crypto';
import { type FileHandle, open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { BackupError } from '../errors.ts';
import { temporaryFileError } from '../temporary-file-error.ts';
import type { EarlierAttempts } from './earlier-attempts.ts';
import { GrowingObject, type GrowingTarget, type GrownObject } from './growing-object.ts';
import { measuring } from './measuring-store.ts';
import type { UploadContext } from './upload-file.ts';

const READ_BYTES = 1024 * 1024;

export interface HeldTarget extends GrowingTarget {
  readonly earlier: EarlierAttempts;
  /** Of the largest object it may turn out to be: with more bytes it is none that is there. */
  readonly limit: number;
}

/**
 * An object that may be there already, which shows only at its end: until then its bytes are on disk. As
 * {@link GrowingObject}, with which it goes on as soon as it is known to be another.
 */
export class HeldObject {
  readonly #target: HeldTarget;
  readonly #context: UploadContext;
  readonly #measured: GrowingObject;
  readonly #path: string;
  readonly #file: Promise<FileHandle>;
  #written = 0;
  #content = 0;
  #sent: GrowingObject | undefined;

  constructor(target: HeldTarget, context: UploadContext) {
    this.#target = target;
    this.#context = context;
    this.#measured = new GrowingObject(target, measuring(context));
    this.#path = join(target.earlier.directory, `held-${randomUUID()}`);
    this.#file = open(this.#path, 'wx+', 0o600);
    this.#file.catch(() => {});
  }

  get bytes(): number {
    return this.#sent?.bytes ?? this.#written;
  }

  async append(bytes: Uint8Array, content: number): Promise<void> {
    if (this.#sent === undefined && this.#written + bytes.byteLength > this.#target.limit) await this.#send();
    if (this.#sent !== undefined) return this.#sent.append(bytes, content);
    await this.#measured.append(bytes, content);
    await this.#onDisk(async (file) => file.write(bytes, 0, bytes.byteLength, this.#written));
    this.#written += bytes.byteLength;
    this.#content += content;
  }

  async close(): Promise<GrownObject> {
    if (this.#sent === undefined) {
      const made = await this.#measured.close();
      const { bytes, sha256, receipt } = made;
      const found = await this.#target.earlier.find(this.#target.key, { bytes, sha256, receipt: () => receipt });
      if (found !== undefined) {
        await this.#removeFile();
        this.#context.onSent(0, this.#content);
        return { ...made, ...found };
      }
    }
    const sent = this.#sent ?? (await this.#send());
    return sent.close();
  }

  async abandon(): Promise<void> {
    await Promise.all([this.#measured.abandon(), this.#sent?.abandon(), this.#removeFile()]);
  }

  /** From here on it is an object like any other. */
  async #send(): Promise<GrowingObject> {
    await this.#measured.abandon();
    const sent = new GrowingObject(this.#target, this.#context);
    this.#sent = sent;
    for (let position = 0; position < this.#written; position += READ_BYTES) {
      const buffer = Buffer.allocUnsafe(Math.min(READ_BYTES, this.#written - position));
      await this.#onDisk((file) => file.read(buffer, 0, buffer.byteLength, position));
      const isLast = position + buffer.byteLength === this.#written;
      await sent.append(buffer, isLast ? this.#content : 0);
    }
    await this.#removeFile();
    return sent;
  }

  async #onDisk(work: (file: FileHandle) => Promise<unknown>): Promise<void> {
    try {
      await work(await this.#file);
    } catch (cause) {
      throw diskError(this.#path, cause);
    }
  }

  /** May be called more than once. Never throws. */
  async #removeFile(): Promise<void> {
    await this.#file.then((file) => file.close()).catch(() => {});
    await rm(this.#path, { force: true }).catch(() => {});
  }
}

function diskError(path: string, cause: unknown): BackupError {
  return temporaryFileError(`The temporary file ${JSON.stringify(path)} cannot be used`, path, cause);
}
