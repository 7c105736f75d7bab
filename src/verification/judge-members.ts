import { MemberStream } from '../pack/member-stream.ts';
import { type PackRead, planReads } from '../pack/plan-reads.ts';
import { decodeSlice, memberIn } from '../pack/slice-reader.ts';
import { isSmall } from '../pack/small-member.ts';
import type { ObjectKey } from '../store/object-key.ts';
import { asDamageOf } from '../transfer/damage.ts';
import { readFrames } from '../transfer/read-frames.ts';
import { fill, type ReadContext } from '../transfer/read-object.ts';
import { judged, type Verdict } from './check-content.ts';
import type { PackedEntry } from './packed-references.ts';

/** Each slice by itself: what is wrong with one says nothing of the next. */
const LIMITS = { maxBytes: 0, maxItems: 1000 };

/** An entry of a damaged pack. */
export interface JudgedEntry {
  readonly entry: PackedEntry;
  /** Of its own bytes. */
  readonly verdict: Verdict;
}

/**
 * Reads the entries of a damaged pack one slice after the other, as a restore of them alone would.
 *
 * @param entries by place
 * @throws BackupError that says nothing of the pack
 */
export async function* judgeMembers(
  key: ObjectKey,
  entries: AsyncIterable<PackedEntry>,
  context: ReadContext,
): AsyncGenerator<JudgedEntry> {
  for await (const { slices } of planReads(entries, ({ part }) => part, false, LIMITS)) {
    for (const slice of slices) yield* judgeSlice(key, slice, context);
  }
}

type SliceOfEntries = PackRead<PackedEntry>['slices'][number];

async function* judgeSlice(key: ObjectKey, slice: SliceOfEntries, context: ReadContext): AsyncGenerator<JudgedEntry> {
  const small = slice.items.filter(({ claim, part }) => isSmall(claim.size, part.bytes));
  if (small.length > 0) yield* await judgeSmall(key, { ...slice, items: small }, context);
  for (const entry of slice.items) {
    if (!small.includes(entry))
      yield { entry, verdict: await judged('content', () => judgeLarge(key, entry, context)) };
  }
}

async function judgeSmall(
  key: ObjectKey,
  { offset, bytes, items }: SliceOfEntries,
  context: ReadContext,
): Promise<JudgedEntry[]> {
  const claims = items.map(({ claim }) => claim);
  let decoded: Buffer = Buffer.alloc(0);
  const whole = await judged('content', () =>
    context.lanes.withBuffer<Verdict>(bytes, async (buffer) => {
      await fill(buffer, key, { range: { start: offset, end: offset + bytes } }, context);
      decoded = await asDamageOf(key, undefined, async () => decodeSlice(buffer, claims));
      return 'intact';
    }),
  );
  const all: JudgedEntry[] = [];
  for (const entry of items) {
    const inside = async (): Promise<Verdict> => {
      await asDamageOf(key, undefined, async () => memberIn(decoded, entry.claim));
      return 'intact';
    };
    all.push({ entry, verdict: whole === 'intact' ? await judged('content', inside) : whole });
  }
  return all;
}

async function judgeLarge(key: ObjectKey, { part, claim }: PackedEntry, context: ReadContext): Promise<Verdict> {
  const member = new MemberStream(claim);
  const frames = { key, start: part.offset, end: part.offset + part.bytes };
  const onFrame = async ({ content }: { readonly content: Buffer }) => void member.take(content);
  await readFrames(frames, { onFrame, onEnd: () => member.finish() }, context);
  return 'intact';
}
