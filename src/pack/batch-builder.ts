import { zstdCompressSync } from 'node:zlib';
import type { BatchItem, BuiltFrame, Decision, ReadOptions, ReadOutcome } from './batch.ts';
import { sampledOptions } from './compression.ts';
import { type FileContent, readSmallFile } from './read-file.ts';
import { paddingOf, type TarMember } from './tar-format.ts';
import { encodeHeader } from './tar-writer.ts';

/** `ustar` wants some mode of a link; this is what every system shows. */
const LINK_MODE = 0o777;

/** What a batch needs unless it has one file that is larger. */
const USUAL_BYTES = 1024 * 1024;

interface HeldItem {
  readonly item: BatchItem;
  readonly read: FileContent;
}

interface HeldBatch {
  readonly items: readonly HeldItem[];
  /** Where the contents are. */
  readonly space: Buffer;
}

const NOT_READ: FileContent = { outcome: { outcome: 'none' }, content: Buffer.alloc(0) };

/**
 * Makes a frame of some small files in two steps: `read` reads and hashes them, and once it is decided which of them
 * are stored, because others are known already, `build` compresses those. Holds the contents of a batch in between.
 */
export class BatchBuilder {
  readonly #options: ReadOptions;
  readonly #level: number;
  readonly #held = new Map<number, HeldBatch>();
  /** Used again, because fresh memory costs more than what is done in it. */
  #spare: Buffer[] = [];
  #tar = Buffer.alloc(0);

  constructor(options: ReadOptions & { readonly level: number }) {
    this.#options = options;
    this.#level = options.level;
  }

  /** @param batch a number of the caller's, to name it in {@link build} */
  read(batch: number, items: readonly BatchItem[]): ReadOutcome[] {
    const space = this.#takeSpace(items.reduce((sum, item) => sum + spaceFor(item), 0));
    let position = 0;
    const held = items.map((item) => {
      if (item.type !== 'file') return { item, read: NOT_READ };
      const end = position + spaceFor(item);
      const read = readSmallFile(item, space.subarray(position, end), this.#options);
      position = end;
      return { item, read };
    });
    this.#held.set(batch, { items: held, space });
    return held.map(({ read }) => read.outcome);
  }

  /** @param decisions one for every item; what was not read cannot be kept */
  build(batch: number, decisions: readonly Decision[]): BuiltFrame {
    const held = this.#held.get(batch);
    if (held === undefined) throw new Error(`there is no batch ${batch}`);
    this.#held.delete(batch);
    const skips: number[] = [];
    let decoded = 0;
    for (const [index, { item, read }] of held.items.entries()) {
      skips.push(decoded);
      decoded = this.#append(decoded, item, read, decisions[index] ?? 'drop');
    }
    this.#spare.push(held.space);
    if (decoded === 0) return { bytes: new Uint8Array(), skips };
    const tar = this.#tar.subarray(0, decoded);
    return { bytes: zstdCompressSync(tar, sampledOptions(tar, this.#level)), skips };
  }

  #takeSpace(bytes: number): Buffer {
    const fitting = this.#spare.find(({ byteLength }) => byteLength >= bytes);
    this.#spare = this.#spare.filter((spare) => spare !== fitting && spare.byteLength >= bytes);
    return fitting ?? Buffer.allocUnsafeSlow(Math.max(bytes, USUAL_BYTES));
  }

  /** Header, content and padding of a member, or nothing. @returns where the next begins */
  #append(start: number, item: BatchItem, read: FileContent, decision: Decision): number {
    if (decision === 'drop') return start;
    const member = memberOf(item, read, decision);
    const header = encodeHeader(member);
    const content = start + header.byteLength;
    const end = content + member.size + paddingOf(member.size);
    this.#growTo(end);
    this.#tar.set(header, start);
    this.#tar.set(read.content.subarray(0, member.size), content);
    this.#tar.fill(0, content + member.size, end);
    return end;
  }

  #growTo(bytes: number): void {
    if (bytes <= this.#tar.byteLength) return;
    const grown = Buffer.allocUnsafeSlow(Math.max(bytes, 2 * this.#tar.byteLength, USUAL_BYTES));
    grown.set(this.#tar);
    this.#tar = grown;
  }
}

function spaceFor(item: BatchItem): number {
  return item.type === 'file' ? item.size + 1 : 0;
}

function memberOf(item: BatchItem, { outcome }: FileContent, decision: Exclude<Decision, 'drop'>): TarMember {
  const { path } = item;
  if (item.type === 'symlink') {
    return { type: 'symlink', path, mode: LINK_MODE, mtimeNs: item.mtimeNs, size: 0, target: item.target };
  }
  if (item.type === 'directory') {
    return { type: 'directory', path, mode: item.mode, mtimeNs: item.mtimeNs, size: 0, target: '' };
  }
  if (outcome.outcome !== 'read') throw new Error(`what was not read cannot be stored: ${path}`);
  const { mode, mtimeNs, size } = outcome;
  if (decision === 'keep') return { type: 'file', path, mode, mtimeNs, size, target: '' };
  return { type: 'hard-link', path, mode, mtimeNs, size: 0, target: decision.linkTo };
}
