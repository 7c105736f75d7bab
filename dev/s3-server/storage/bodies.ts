import { createReadStream } from 'node:fs';
import { type FileHandle, mkdir, mkdtemp, open, rm, unlink } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';

const MEMORY_LIMIT_BYTES = 256 * 1024;
const WRITE_BATCH_BYTES = 1024 * 1024;
const READ_BUFFER_BYTES = 512 * 1024;

/** Stored bytes: small ones in memory, others in a file. Several objects can share one body. */
export interface Body {
  readonly size: number;
  readonly content: { readonly bytes: Buffer } | { readonly file: string };
  /** How many objects, uploads and answers under way need it. */
  uses: number;
}

/** Takes a body's bytes as they come; `discard` undoes it at any point before `finish`. */
export interface BodySink {
  write(bytes: Uint8Array): Promise<void> | void;
  finish(): Promise<Body>;
  discard(): Promise<void>;
}

class MemorySink implements BodySink {
  private chunks: Uint8Array[] = [];

  write(bytes: Uint8Array): void {
    this.chunks.push(bytes);
  }

  async finish(): Promise<Body> {
    const bytes = Buffer.concat(this.chunks);
    return { size: bytes.length, content: { bytes }, uses: 1 };
  }

  async discard(): Promise<void> {
    this.chunks = [];
  }
}

/** Writes in batches, one of them under way while the next is gathered: memory stays at two batches. */
class FileSink implements BodySink {
  private readonly file: string;
  private readonly handle: Promise<FileHandle>;
  private batch: Uint8Array[] = [];
  private batchBytes = 0;
  private size = 0;
  private underWay: Promise<unknown> = Promise.resolve();

  constructor(file: string) {
    this.file = file;
    this.handle = open(file, 'wx');
    this.handle.catch(() => {}); // reported by the first write that awaits it
  }

  private async flush(): Promise<void> {
    const batch = this.batch;
    this.batch = [];
    this.batchBytes = 0;
    await this.underWay;
    const handle = await this.handle;
    this.underWay = handle.writev(batch);
    this.underWay.catch(() => {}); // awaited by the next flush or by finish
  }

  write(bytes: Uint8Array): Promise<void> | void {
    this.batch.push(bytes);
    this.batchBytes += bytes.length;
    this.size += bytes.length;
    if (this.batchBytes >= WRITE_BATCH_BYTES) return this.flush();
  }

  async finish(): Promise<Body> {
    if (this.batch.length > 0) await this.flush();
    await this.underWay;
    await (await this.handle).close();
    return { size: this.size, content: { file: this.file }, uses: 1 };
  }

  async discard(): Promise<void> {
    await this.underWay.catch(() => {});
    await this.handle.then((handle) => handle.close()).catch(() => {});
    await unlink(this.file).catch(() => {});
  }
}

/** Keeps bodies, and forgets each one when nothing uses it any more. */
export class BodyStore {
  private readonly folder: string;
  private nextFile = 0;

  private constructor(folder: string) {
    this.folder = folder;
  }

  /** @param dataDirectory where a fresh folder for the body files is made; the system's own for temporary files when absent. */
  static async open(dataDirectory?: string): Promise<BodyStore> {
    const parent = dataDirectory ?? os.tmpdir();
    await mkdir(parent, { recursive: true });
    return new BodyStore(await mkdtemp(path.join(parent, 's3-server-')));
  }

  /** @param expectedBytes NaN when the request does not say. */
  sink(expectedBytes: number): BodySink {
    if (expectedBytes <= MEMORY_LIMIT_BYTES) return new MemorySink();
    return new FileSink(path.join(this.folder, String(this.nextFile++)));
  }

  retain(bodies: readonly Body[]): void {
    for (const body of bodies) body.uses++;
  }

  release(bodies: readonly Body[]): void {
    for (const body of bodies) {
      if (--body.uses === 0 && 'file' in body.content) unlink(body.content.file).catch(() => {});
    }
  }

  /** Bytes `first` to `last` (inclusive) of bodies laid end to end. The bodies outlive the reading. */
  async *read(bodies: readonly Body[], first: number, last: number): AsyncGenerator<Uint8Array> {
    this.retain(bodies);
    try {
      let offset = 0;
      for (const body of bodies) {
        const start = Math.max(first - offset, 0);
        const end = Math.min(last - offset, body.size - 1);
        if (start <= end) yield* readBody(body, start, end);
        offset += body.size;
      }
    } finally {
      this.release(bodies);
    }
  }

  async close(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }
}

async function* readBody({ content }: Body, start: number, end: number): AsyncGenerator<Uint8Array> {
  if ('bytes' in content) yield content.bytes.subarray(start, end + 1);
  else yield* createReadStream(content.file, { start, end, highWaterMark: READ_BUFFER_BYTES });
}
