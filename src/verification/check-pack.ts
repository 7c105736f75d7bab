import { createHash } from 'node:crypto';
import { checkMember } from '../pack/member-claim.ts';
import { type FoundMember, PackWalk } from '../pack/pack-walk.ts';
import { PackProblem } from '../pack/problem.ts';
import { withSecondLook } from '../second-look.ts';
import type { ObjectKey } from '../store/object-key.ts';
import { readFrames } from '../transfer/read-frames.ts';
import type { ReadContext } from '../transfer/read-object.ts';
import { judged, type Verdict } from './check-content.ts';
import type { PackedEntry } from './packed-references.ts';

/** A pack whose place and size the listing has shown to be right. */
export interface PackContent {
  readonly key: ObjectKey;
  /** As stored. */
  readonly size: number;
  /** As stored, 64 hex digits. */
  readonly sha256: string;
}

/**
 * Reads a pack once from start to end: its SHA-256, the checksum of each frame, each tar header, and of every member that
 * an entry refers to all that the entry says of it.
 *
 * @param entries gives those of the pack, by place; called again for a second look
 * @returns of the pack as a whole; which entries a fault hurts, `judgeMembers` tells
 * @throws BackupError that says nothing of the pack
 */
export function readPack(
  pack: PackContent,
  entries: () => AsyncIterable<PackedEntry>,
  context: ReadContext,
): Promise<Verdict> {
  return judged('content', async () => {
    await withSecondLook(() => readOnce(pack, entries(), context));
    return 'intact';
  });
}

async function readOnce(
  { key, size, sha256 }: PackContent,
  entries: AsyncIterable<PackedEntry>,
  context: ReadContext,
): Promise<void> {
  const hash = createHash('sha256');
  const walk = new PackWalk();
  const expected = new ExpectedMembers(entries[Symbol.asyncIterator]());
  try {
    await readFrames(
      { key, start: 0, end: size },
      {
        onStored: (bytes) => void hash.update(bytes),
        onFrame: async (frame) => {
          for (const found of walk.take(frame)) await expected.compare(found);
        },
        onEnd: async () => {
          walk.finish();
          await expected.finish();
          const digest = hash.digest('hex');
          if (digest !== sha256) throw new PackProblem(`it has SHA-256 ${digest} instead of ${sha256}`);
        },
      },
      context,
    );
  } finally {
    await expected.close();
  }
}

/** What entries say of members, compared with the members as they go by. */
class ExpectedMembers {
  readonly #entries: AsyncIterator<PackedEntry>;
  #next: PackedEntry | undefined;
  #hasBegun = false;

  constructor(entries: AsyncIterator<PackedEntry>) {
    this.#entries = entries;
  }

  /** @throws PackProblem */
  async compare(found: FoundMember): Promise<void> {
    if (!this.#hasBegun) await this.#advance();
    for (let next = this.#next; next !== undefined && isAtOrBefore(next, found); next = this.#next) {
      compareOne(next, found);
      await this.#advance();
    }
  }

  async finish(): Promise<void> {
    if (!this.#hasBegun) await this.#advance();
    if (this.#next !== undefined) throw noMember(this.#next);
  }

  async close(): Promise<void> {
    await this.#entries.return?.();
  }

  async #advance(): Promise<void> {
    this.#hasBegun = true;
    const { done, value } = await this.#entries.next();
    this.#next = done === true ? undefined : value;
  }
}

function isAtOrBefore({ part, claim }: PackedEntry, found: FoundMember): boolean {
  return part.offset < found.offset || (part.offset === found.offset && claim.skip <= found.skip);
}

function compareOne(entry: PackedEntry, { member, sha256, offset, bytes, skip }: FoundMember): void {
  const { part, claim } = entry;
  if (part.offset !== offset || claim.skip !== skip || part.bytes !== bytes) throw noMember(entry);
  checkMember(member, claim);
  if (claim.sha256 !== sha256) throw new PackProblem(`a member has SHA-256 ${sha256} instead of ${claim.sha256}`);
}

function noMember({ path, part }: PackedEntry): PackProblem {
  return new PackProblem(`the slice of ${JSON.stringify(path)} at byte ${part.offset} is that of no member`);
}
