import { setImmediate } from 'node:timers/promises';
import { claimOf } from '../pack/member-claim.ts';
import { type PackRead, planReads } from '../pack/plan-reads.ts';
import { SMALL_SLICE_BYTES } from '../pack/small-member.ts';
import { absolutePathOf } from '../selection/paths.ts';
import type { ObjectKey } from '../store/object-key.ts';
import { damagedInside } from '../transfer/damage.ts';
import { mapOrdered } from '../transfer/map-ordered.ts';
import { fill } from '../transfer/read-object.ts';
import type { PackedStep } from './packed-steps.ts';
import type { Plan } from './types.ts';
import { type PackedWrite, unpackSlice } from './unpack-slice.ts';
import { type WriteContext, warnOfLoss } from './write-plan.ts';

/** Requests begun and not yet unpacked; what is held in memory is bounded by the lanes. */
const READS_AHEAD = 8;
const LIMITS = { maxBytes: SMALL_SLICE_BYTES, maxItems: 4096 };

/**
 * Writes the files that come out of packs together with their neighbours: in the order in which they lie there, each
 * frame fetched and decoded once. The directories they go to have to be there.
 *
 * @throws BackupError that names what failed, after what was under way has ended
 */
export async function writePacked(plan: Pick<Plan, 'packs'>, context: WriteContext): Promise<void> {
  const written = mapOrdered(readsOf(plan, context), READS_AHEAD, ({ key, read }) => unpack(key, read, context));
  await Array.fromAsync(written, () => undefined);
}

interface Read {
  readonly key: ObjectKey;
  readonly read: PackRead<PackedStep>;
}

async function* readsOf({ packs }: Pick<Plan, 'packs'>, { keys, packBytes }: WriteContext): AsyncGenerator<Read> {
  for (const pack of packs) {
    const readsThrough = pack.needed.readsThrough(packBytes(pack.key));
    const reads = planReads(pack.items(), ({ entry }) => entry.slice, readsThrough, LIMITS);
    for await (const read of reads) yield { key: keys.absolute(pack.key), read };
  }
}

function unpack(key: ObjectKey, { start, end, slices }: Read['read'], context: WriteContext): Promise<void> {
  const { read } = context;
  return read.lanes.withBuffer(end - start, async (buffer) => {
    await fill(buffer, key, { range: { start, end } }, read);
    for (const slice of slices) {
      const from = slice.offset - start;
      await unpackOne(key, slice, buffer.subarray(from, from + slice.bytes), context);
    }
  });
}

async function unpackOne(
  key: ObjectKey,
  { offset, bytes, items }: PackRead<PackedStep>['slices'][number],
  stored: Buffer,
  context: WriteContext,
): Promise<void> {
  const { read, log, target, onFile } = context;
  const writes = items.map((step) => writeOf(step, context));
  read.signal.throwIfAborted();
  if (unpackSlice(stored, writes) !== undefined) {
    // It may have been damaged on the way: once more.
    await fill(stored, key, { range: { start: offset, end: offset + bytes } }, read);
    const damage = unpackSlice(stored, writes);
    if (damage !== undefined) throw damagedInside(key, damage.problem, damage.path);
  }
  for (const { entry } of items) {
    warnOfLoss(entry, target, log);
    onFile();
  }
  // All this went without a wait; now it is the turn of other requests, and of signals.
  await setImmediate();
}

function writeOf({ entry, path, action }: PackedStep, { target, isOwn }: WriteContext): PackedWrite {
  return {
    claim: claimOf(entry, entry.slice, isOwn(entry.key)),
    place: { path: absolutePathOf(target.path, path, target.style), mayReplace: action === 'replace' },
    entry: { path: entry.path, mode: entry.mode, mtime: entry.mtime },
  };
}
