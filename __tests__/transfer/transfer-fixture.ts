import { createHash } from 'node:crypto';
import { type FileHandle, mkdtemp, open, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Log, Warning } from '../../src/log.ts';
import { silentLog } from '../../src/log.ts';
import type { SelectedFile } from '../../src/selection/types.ts';
import type { Receipt } from '../../src/series/receipt.ts';
import { MemoryStore } from '../../src/store/memory.ts';
import type { ObjectKey } from '../../src/store/object-key.ts';
import type { Part, PartUpload, PutOptions, StoredObject, UploadPlan } from '../../src/store/object-store.ts';
import { Lanes } from '../../src/transfer/lanes.ts';
import type { UploadContext } from '../../src/transfer/upload-file.ts';
import { PORTS } from '../series/series-fixture.ts';
import { KnownInMemory } from './known-in-memory.ts';

export const MIB = 1024 * 1024;

/** The smallest there is: {@link partSizeFor} takes whole MiB. */
export const PART = MIB;

/** What a store says of an object by which it is known again. */
export function receiptFor(bytes: Uint8Array): Receipt {
  return { md5: createHash('md5').update(bytes).digest('hex') };
}

export const sha256Of = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

/** Bytes of which no two MiB are alike. */
export function bytesFor(length: number): Buffer {
  const bytes = Buffer.alloc(length);
  for (let offset = 0; offset + 4 <= length; offset += 4096) bytes.writeUInt32LE(offset + 1, offset);
  return bytes.fill(7, length - (length % 4096));
}

/** A directory of files that were last written long ago, so that every later change shows in their times. */
export class Workspace implements AsyncDisposable {
  readonly directory: string;

  private constructor(directory: string) {
    this.directory = directory;
  }

  static async create(): Promise<Workspace> {
    return new Workspace(await mkdtemp(join(tmpdir(), 'transfer-')));
  }

  at(name: string): string {
    return join(this.directory, name);
  }

  async write(name: string, bytes: Uint8Array | string): Promise<string> {
    await writeFile(this.at(name), bytes);
    await utimes(this.at(name), 1_600_000_000, 1_600_000_000);
    return this.at(name);
  }

  /** Writes a file as a selection would list it. */
  async file(path: string, content: Buffer): Promise<SelectedFile> {
    const absolutePath = await this.write(path, content);
    const stat = { mtimeNs: 0n, ctimeNs: 0n, inode: 1n };
    return { path, absolutePath, type: 'file', mode: 0o644, size: content.byteLength, ...stat };
  }

  [Symbol.asyncDispose](): Promise<void> {
    return rm(this.directory, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** What was asked of a store, in order; bodies are told by their length. */
export type StoreEvent =
  | { readonly what: 'put'; readonly key: string; readonly bytes: number; readonly options: PutOptions }
  | { readonly what: 'open'; readonly key: string; readonly plan: UploadPlan }
  | { readonly what: 'part'; readonly number: number; readonly bytes: number }
  | { readonly what: 'complete'; readonly size: number; readonly crc32: number }
  | { readonly what: 'abort' };

/** Where a test steps in; called before the store does what it is asked, which does not happen if it throws. */
export interface Hooks {
  put?: (key: string) => Promise<void> | void;
  open?: () => Promise<void> | void;
  /** @param attempt of this part: 1, 2, 3 … */
  part?: (part: Part, attempt: number) => Promise<void> | void;
  complete?: () => Promise<void> | void;
  abort?: () => Promise<void> | void;
}

/** A store in memory that writes down what it is asked. */
export class RecordingStore extends MemoryStore {
  readonly events: StoreEvent[] = [];
  readonly #hooks: Hooks;
  readonly #attempts = new Map<number, number>();

  constructor(hooks: Hooks = {}) {
    super({ clock: () => new Date('2026-11-22T08:09:10Z') });
    this.#hooks = hooks;
  }

  override async put(key: ObjectKey, body: Uint8Array, options: PutOptions = {}): Promise<StoredObject> {
    this.events.push({ what: 'put', key, bytes: body.byteLength, options });
    await this.#hooks.put?.(key);
    return super.put(key, body, options);
  }

  override async openUpload(key: ObjectKey, plan: UploadPlan): Promise<PartUpload> {
    this.events.push({ what: 'open', key, plan });
    await this.#hooks.open?.();
    const upload = await super.openUpload(key, plan);
    return {
      uploadId: upload.uploadId,
      putPart: async (part) => {
        this.events.push({ what: 'part', number: part.number, bytes: part.bytes.byteLength });
        await this.#hooks.part?.(part, this.#countAttempt(part.number));
        await upload.putPart(part);
      },
      complete: async (whole) => {
        this.events.push({ what: 'complete', size: whole.size, crc32: whole.crc32 });
        await this.#hooks.complete?.();
        return upload.complete(whole);
      },
      abort: async () => {
        this.events.push({ what: 'abort' });
        await this.#hooks.abort?.();
        await upload.abort();
      },
    };
  }

  /** The events in short: `open`, `part 1`, `part 2`, `complete`. */
  get summary(): string[] {
    return this.events.map((event) => (event.what === 'part' ? `part ${event.number}` : event.what));
  }

  async openUploads(): Promise<number> {
    return (await Array.fromAsync(this.listUploads(''))).length;
  }

  #countAttempt(number: number): number {
    const attempt = (this.#attempts.get(number) ?? 0) + 1;
    this.#attempts.set(number, attempt);
    return attempt;
  }
}

export interface TestContext extends UploadContext {
  /** The bytes of every call of `onSent`. */
  readonly sent: number[];
  /** The bytes of files that needed no sending. */
  readonly reused: number[];
  readonly warnings: Warning[];
}

export function contextFor(store: MemoryStore, fields: Partial<UploadContext> = {}): TestContext {
  const sent: number[] = [];
  const reused: number[] = [];
  const warnings: Warning[] = [];
  const log: Log = { ...silentLog, warn: (warning) => void warnings.push(warning) };
  return {
    store,
    lanes: new Lanes(4, PART),
    partSize: PART,
    signal: new AbortController().signal,
    log,
    failOnChange: true,
    known: new KnownInMemory(),
    onSent: (bytes, content) => void (bytes > 0 || content === 0 ? sent.push(bytes) : reused.push(content)),
    ...PORTS,
    ...fields,
    sent,
    reused,
    warnings,
  };
}

export interface FileRead {
  readonly position: number;
  readonly bytes: number;
}

/** Looks at every read of a file by its handle, and lets a test act after it. */
export async function watchReads(
  after: (read: FileRead) => Promise<void> | void = () => {},
): Promise<{ readonly reads: FileRead[] } & AsyncDisposable> {
  const reads: FileRead[] = [];
  const handle = await open(import.meta.filename);
  const prototype: FileHandle = Object.getPrototypeOf(handle);
  const original = prototype.read;
  async function read(this: FileHandle, buffer: Uint8Array, offset: number, length: number, position: number) {
    const result = await Reflect.apply(original, this, [buffer, offset, length, position]);
    reads.push({ position, bytes: result.bytesRead });
    await after({ position, bytes: result.bytesRead });
    return result;
  }
  Object.assign(prototype, { read });
  return {
    reads,
    async [Symbol.asyncDispose]() {
      Object.assign(prototype, { read: original });
      await handle.close();
    },
  };
}
