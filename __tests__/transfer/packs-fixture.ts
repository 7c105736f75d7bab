import { createHash } from 'node:crypto';
import { zstdDecompressSync } from 'node:zlib';
import type { PackEngine } from '../../src/pack/engine.ts';
import { InlineEngine } from '../../src/pack/inline-engine.ts';
import { paddingOf, type TarMember } from '../../src/pack/tar-format.ts';
import { parseHeader } from '../../src/pack/tar-reader.ts';
import { findFrame } from '../../src/pack/zstd-frame.ts';
import type { SelectedEntry } from '../../src/selection/types.ts';
import type { Entry, FileEntry } from '../../src/series/model.ts';
import type { PackReference } from '../../src/series/record.ts';
import type { MemoryStore } from '../../src/store/memory.ts';
import { LargeContents } from '../../src/transfer/large-contents.ts';
import { LongFiles } from '../../src/transfer/long-files.ts';
import { LooseFiles } from '../../src/transfer/loose-files.ts';
import { PackSeries } from '../../src/transfer/pack-series.ts';
import { Packer } from '../../src/transfer/packer.ts';
import { uploadEntries } from '../../src/transfer/upload-entries.ts';
import type { UploadContext } from '../../src/transfer/upload-file.ts';
import { asyncOf, ID, KEYS, stored } from '../series/series-fixture.ts';
import { KnownInMemory } from './known-in-memory.ts';

const MIB = 1024 * 1024;

export interface PackingOptions {
  readonly engine?: PackEngine;
  readonly packSize?: number;
  /** Bytes; larger files become objects of their own. */
  readonly below?: number;
  /** Files of their own that are compressed at once; none by default. */
  readonly compressedAtOnce?: number;
}

export interface Packed {
  readonly entries: readonly Entry[];
  readonly packs: readonly PackReference[];
}

/** A packer, and the entries it delivers of what is selected. */
export function beginPacking(
  selected: Iterable<SelectedEntry>,
  context: UploadContext,
  { engine, packSize = 64 * MIB, below = MIB, compressedAtOnce = 0 }: PackingOptions = {},
) {
  const attributes = { tags: { version: ID } };
  const series = new PackSeries(
    { keys: KEYS, id: ID, attributes, packSize },
    { partSize: 5 * MIB, buffers: 2 },
    context,
  );
  const contents = new LargeContents();
  const used = engine ?? new InlineEngine({ failOnChange: context.failOnChange, level: 3 });
  const packer = new Packer(
    used,
    series,
    new KnownInMemory(),
    new LongFiles(series, contents, 3, context),
    context.signal,
  );
  const loose = new LooseFiles({ level: 3, compressedAtOnce, contents });
  const changeDetection = 'content' as const;
  const upload = { keys: KEYS, id: ID, attributes, changeDetection, context, loose, packing: { packer, below } };
  const candidates = asyncOf(Iterator.from(selected).map((one) => ({ selected: one })));
  return { packer, stored: uploadEntries(candidates, upload) };
}

/** Packs what is selected and finishes the packs, as a backup does. */
export async function pack(
  selected: Iterable<SelectedEntry>,
  context: UploadContext,
  options: PackingOptions = {},
): Promise<Packed> {
  const { packer, stored } = beginPacking(selected, context, options);
  try {
    const entries = (await Array.fromAsync(stored)).flatMap(({ entry }) => entry ?? []);
    return { entries, packs: await packer.finish() };
  } catch (error) {
    await packer.abandon();
    throw error;
  }
}

/** What frames decode to, each by itself. */
export function decode(frames: Uint8Array): Buffer {
  const pieces: Buffer[] = [];
  for (let rest = frames; rest.byteLength > 0; ) {
    const found = findFrame(rest, 4 * MIB);
    if (found.kind !== 'frame') throw new Error(`found ${JSON.stringify(found)}`);
    pieces.push(zstdDecompressSync(rest.subarray(0, found.bytes)));
    rest = rest.subarray(found.bytes);
  }
  return Buffer.concat(pieces);
}

export interface FoundMember {
  readonly member: TarMember;
  readonly content: Buffer;
}

/** The member at a place of an archive; undefined at its end. */
export function memberAt(tar: Buffer, position: number): (FoundMember & { readonly end: number }) | undefined {
  const found = parseHeader(tar.subarray(position));
  if (found.kind === 'end') return undefined;
  if (found.kind !== 'member') throw new Error(`found ${JSON.stringify(found)}`);
  const start = position + found.headerBytes;
  const { size } = found.member;
  const content = tar.subarray(start, start + size);
  return { member: found.member, content, end: start + size + paddingOf(size) };
}

/** All members of a pack, in order. */
export function membersOf(packBytes: Uint8Array): FoundMember[] {
  const tar = decode(packBytes);
  const members: FoundMember[] = [];
  for (let next = memberAt(tar, 0); next !== undefined; next = memberAt(tar, next.end)) members.push(next);
  return members;
}

/** Reads a packed file by nothing but its entry, and checks all the entry says. */
export async function readPacked(entry: FileEntry, store: MemoryStore): Promise<Buffer> {
  const { slice, key, path, size, sha256 } = entry;
  if (slice === undefined) throw new Error(`${path} is in no pack`);
  const bytes = await stored(store, KEYS.absolute(key));
  const found = memberAt(decode(bytes.subarray(slice.offset, slice.offset + slice.bytes)), slice.skip);
  if (found?.member.path !== (slice.member ?? path)) throw new Error(`found ${found?.member.path} for ${path}`);
  const digest = createHash('sha256').update(found.content).digest('hex');
  if (digest !== sha256 || found.content.byteLength !== size) throw new Error(`${path} is not what its entry says`);
  return found.content;
}
