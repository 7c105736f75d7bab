import type { BatchItem, BuiltFrame, Decision, ReadOptions, ReadOutcome } from './batch.ts';
import { compressFrame, levelFor } from './compression.ts';
import { type FileContent, readSmallFile } from './read-file.ts';
import { paddingOf, type TarMember } from './tar-format.ts';
import { encodeHeader } from './tar-writer.ts';

/** `ustar` wants some mode of a link; this is what every system shows. */
const LINK_MODE = 0o777;

interface HeldItem {
  readonly item: BatchItem;
  readonly read: FileContent;
}

const NOT_READ: FileContent = { outcome: { outcome: 'none' }, content: Buffer.alloc(0) };

/**
 * Makes a frame of some small files in two steps: `read` reads and hashes them, and once it is decided which of them
 * are stored, because others are known already, `build` compresses those. Holds the contents of a batch in between.
 */
export class BatchBuilder {
  readonly #options: ReadOptions;
  readonly #level: number;
  readonly #held = new Map<number, readonly HeldItem[]>();

  constructor(options: ReadOptions & { readonly level: number }) {
    this.#options = options;
    this.#level = options.level;
  }

  /** @param batch a number of the caller's, to name it in {@link build} */
  read(batch: number, items: readonly BatchItem[]): ReadOutcome[] {
    const space = Buffer.allocUnsafeSlow(items.reduce((sum, item) => sum + spaceFor(item), 0));
    let position = 0;
    const held = items.map((item) => {
      if (item.type !== 'file') return { item, read: NOT_READ };
      const end = position + spaceFor(item);
      const read = readSmallFile(item, space.subarray(position, end), this.#options);
      position = end;
      return { item, read };
    });
    this.#held.set(batch, held);
    return held.map(({ read }) => read.outcome);
  }

  /** @param decisions one for every item; what was not read cannot be kept */
  build(batch: number, decisions: readonly Decision[]): BuiltFrame {
    const held = this.#held.get(batch) ?? [];
    this.#held.delete(batch);
    const pieces: Uint8Array[] = [];
    const skips: number[] = [];
    let decoded = 0;
    for (const [index, { item, read }] of held.entries()) {
      skips.push(decoded);
      for (const piece of memberPieces(item, read, decisions[index] ?? 'drop')) {
        pieces.push(piece);
        decoded += piece.byteLength;
      }
    }
    if (decoded === 0) return { bytes: new Uint8Array(), skips };
    const tar = Buffer.concat(pieces, decoded);
    return { bytes: compressFrame(tar, levelFor(tar, this.#level)), skips };
  }
}

function spaceFor(item: BatchItem): number {
  return item.type === 'file' ? item.size + 1 : 0;
}

/** Header, content and padding of a member, or nothing. */
function memberPieces(item: BatchItem, read: FileContent, decision: Decision): readonly Uint8Array[] {
  if (decision === 'drop') return [];
  const member = memberOf(item, read, decision);
  const header = encodeHeader(member);
  return member.size === 0 ? [header] : [header, read.content, Buffer.alloc(paddingOf(member.size))];
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
