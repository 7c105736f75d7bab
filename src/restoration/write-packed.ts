import { claimOf } from '../pack/member-claim.ts';
import { type PackRead, planReads } from '../pack/plan-reads.ts';
import { SMALL_SLICE_BYTES } from '../pack/small-member.ts';
import { withSecondLook } from '../second-look.ts';
import { absolutePathOf } from '../selection/paths.ts';
import type { ObjectKey } from '../store/object-key.ts';
import { damagedInside } from '../transfer/damage.ts';
import { mapOrdered } from '../transfer/map-ordered.ts';
import { fill } from '../transfer/read-object.ts';
import type { PackedStep } from './packed-steps.ts';
import type { Plan } from './types.ts';
import type { UnpackEngine } from './unpack-engine.ts';
import type { PackedWrite } from './unpack-slice.ts';
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
export async function writePacked(
  plan: Pick<Plan, 'packs' | 'toFetch' | 'naming'>,
  context: WriteContext,
): Promise<void> {
  if (plan.packs.length === 0) return;
  const work = { ...context, naming: plan.naming, engine: context.unpacking.engineFor(plan.toFetch.files) };
  const written = mapOrdered(readsOf(plan, context), READS_AHEAD, ({ key, read }) => unpack(key, read, work));
  await Array.fromAsync(written, () => undefined);
}

interface UnpackContext extends WriteContext {
  readonly engine: UnpackEngine;
  readonly naming: Plan['naming'];
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

function unpack(key: ObjectKey, { start, end, slices }: Read['read'], context: UnpackContext): Promise<void> {
  const { read } = context;
  return read.lanes.withBuffer(end - start, async (buffer) => {
    await withSecondLook(() => fill(buffer, key, { range: { start, end } }, read));
    const unpacked = slices.map((slice) => {
      const from = slice.offset - start;
      return unpackOne(key, slice, buffer.subarray(from, from + slice.bytes), context);
    });
    // The buffer is used until the last has ended, whatever becomes of the others.
    for (const result of await Promise.allSettled(unpacked)) if (result.status === 'rejected') throw result.reason;
  });
}

async function unpackOne(
  key: ObjectKey,
  { offset, bytes, items }: PackRead<PackedStep>['slices'][number],
  stored: Buffer,
  context: UnpackContext,
): Promise<void> {
  const { read, log, target, engine, onFile } = context;
  const writes = items.map((step) => writeOf(step, context));
  read.signal.throwIfAborted();
  if ((await engine.unpack(stored, writes)) !== undefined) {
    // It may have been damaged on the way: once more.
    const again = Buffer.allocUnsafeSlow(bytes);
    await fill(again, key, { range: { start: offset, end: offset + bytes } }, read);
    const damage = await engine.unpack(again, writes);
    if (damage !== undefined) throw damagedInside(key, damage.problem, damage.path);
  }
  for (const { entry } of items) {
    warnOfLoss(entry, target, log);
    onFile();
  }
}

function writeOf({ entry, path, action }: PackedStep, { target, isOwn, naming }: UnpackContext): PackedWrite {
  return {
    claim: claimOf(entry, entry.slice, isOwn(entry.key)),
    place: { path: absolutePathOf(target.path, path, target.style), mayReplace: action === 'replace', naming },
    entry: { path: entry.path, mode: entry.mode, mtime: entry.mtime },
  };
}
