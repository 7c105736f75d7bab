import { createHash } from 'node:crypto';
import { constants, zstdCompressSync } from 'node:zlib';
import { BLOCK_BYTES, END_BYTES, paddingOf, type TarMember } from '../../src/pack/tar-format.ts';
import { encodeHeader } from '../../src/pack/tar-writer.ts';
import type { FileEntry, Slice } from '../../src/series/model.ts';
import { parseMtime } from '../../src/series/mtime.ts';
import { fileEntry } from '../series/series-fixture.ts';

const FRAME_BYTES = 1024 * 1024;

export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** A zstd frame as packs have them; without a checksum it is one that no backup writes. */
export function frame(bytes: Uint8Array, checksum = true): Buffer {
  return zstdCompressSync(bytes, {
    params: { [constants.ZSTD_c_compressionLevel]: 3, [constants.ZSTD_c_checksumFlag]: checksum ? 1 : 0 },
    pledgedSrcSize: bytes.byteLength,
  });
}

/** Several frames that decode to the bytes. */
export function frames(bytes: Uint8Array, frameBytes = FRAME_BYTES): Buffer {
  const parts: Buffer[] = [];
  for (let start = 0; start < bytes.byteLength; start += frameBytes) {
    parts.push(frame(bytes.subarray(start, start + frameBytes)));
  }
  return Buffer.concat(parts);
}

/** What a tar header says otherwise than an entry. */
interface OtherHeader extends Partial<TarMember> {
  /** A size in a PAX header, beside that of the member's own. */
  readonly paxSize?: number;
}

/** A size of as many digits as the fixture writes, and too large for a header without PAX. */
const HUGE = 2 ** 33;

/** Sizes that may disagree. */
function twoSizes(member: TarMember, paxSize: number): Buffer {
  const header = Buffer.from(encodeHeader({ ...member, size: HUGE }));
  const value = String(HUGE);
  header.write(String(paxSize).padStart(value.length, '0'), header.indexOf(value));
  return Buffer.concat([header.subarray(0, -BLOCK_BYTES), encodeHeader(member).subarray(-BLOCK_BYTES)]);
}

/** Builds a pack step by step, as a backup would or as nobody would. */
export class PackFixture {
  readonly key: string;
  readonly entries: FileEntry[] = [];
  readonly #frames: Buffer[] = [];
  #offset = 0;
  #open: Buffer[] = [];
  #waiting: { entry: FileEntry; skip: number }[] = [];

  /** @param key relative to the series */
  constructor(key: string) {
    this.key = key;
  }

  /** Adds a file to the open frame. @param header what the tar header says otherwise */
  add(
    path: string,
    content: string | Buffer,
    fields: Partial<FileEntry> = {},
    { paxSize, ...header }: OtherHeader = {},
  ): this {
    const bytes = Buffer.from(content);
    const entry = fileEntry(path, { size: bytes.byteLength, sha256: sha256(bytes), key: this.key, ...fields });
    this.#waiting.push({ entry, skip: this.#openBytes });
    const member = { ...memberOf(entry, bytes), ...header };
    const encoded = paxSize === undefined ? encodeHeader(member) : twoSizes(member, paxSize);
    this.#open.push(encoded, bytes, Buffer.alloc(paddingOf(bytes.length)));
    return this;
  }

  /** A member that no file is, or that nobody asked for. */
  addMember(member: Partial<TarMember>, content: Buffer = Buffer.alloc(0)): this {
    const usual = { type: 'file', path: 'x', mode: 0o644, mtimeNs: 0n, size: content.byteLength, target: '' } as const;
    this.#open.push(encodeHeader({ ...usual, ...member }), content, Buffer.alloc(paddingOf(content.length)));
    return this;
  }

  /** Closes the open frame, or frames where it is longer than one. */
  close(compress: (bytes: Buffer) => Buffer = frames): this {
    const stored = compress(Buffer.concat(this.#open));
    for (const { entry, skip } of this.#waiting) {
      const slice: Slice = { offset: this.#offset, bytes: stored.byteLength, skip };
      this.entries.push({ ...entry, ...(entry.slice ?? { slice }) });
    }
    this.#frames.push(stored);
    this.#offset += stored.byteLength;
    this.#open = [];
    this.#waiting = [];
    return this;
  }

  /** The whole pack. */
  bytes(): Buffer {
    if (this.#open.length > 0) this.close();
    return Buffer.concat([...this.#frames, frame(Buffer.alloc(END_BYTES))]);
  }

  /** As a record lists it. */
  reference(): { readonly key: string; readonly bytes: number; readonly sha256: string } {
    const bytes = this.bytes();
    return { key: this.key, bytes: bytes.byteLength, sha256: sha256(bytes) };
  }

  get #openBytes(): number {
    return this.#open.reduce((sum, { byteLength }) => sum + byteLength, 0);
  }
}

function memberOf({ path, mode, mtime }: FileEntry, content: Buffer): TarMember {
  const mtimeNs = parseMtime(mtime) ?? 0n;
  return { type: 'file', path, mode: Number.parseInt(mode, 8), mtimeNs, size: content.byteLength, target: '' };
}

/** A file stored compressed, as an object of its own. */
export function storedEntry(path: string, content: Buffer, key: string, stored = frames(content)) {
  const form = { encoding: 'zstd', bytes: stored.byteLength, sha256: sha256(stored) } as const;
  const entry = fileEntry(path, { size: content.byteLength, sha256: sha256(content), key, stored: form });
  return { entry, stored };
}
