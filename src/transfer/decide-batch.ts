import { BackupError } from '../errors.ts';
import type { BatchItem, BuiltFrame, Decision, ReadFile, ReadOutcome } from '../pack/batch.ts';
import type { ContentLocation, FileEntry } from '../series/model.ts';
import { type ContentTable, locationFor, type RememberedContent } from './content-table.ts';
import type { StoredFile } from './large-contents.ts';

/** Of a file that has grown too large for its frame since it was listed. */
export const OUTGROWN = 'outgrown';

/** What whoever added a file waits for. */
export type Answer = PromiseWithResolvers<StoredFile | typeof OUTGROWN>;

export interface Batch {
  readonly items: readonly BatchItem[];
  /** One for every item: of a file its answer. */
  readonly answers: readonly (Answer | undefined)[];
  /** One for every item: what the base has at its path. */
  readonly befores: readonly (FileEntry | undefined)[];
  /** Of its members, about: long names come on top. */
  readonly bytes: number;
}

/** What is known beside the contents of earlier batches. */
export interface Known {
  /** One for every item: where its content lies in the base, or was stored long before. */
  readonly held: readonly (ContentLocation | undefined)[];
  /** SHA-256 of contents of earlier batches that hard links may name. */
  readonly linkable: ReadonlySet<string>;
}

/** Where a frame begins. */
export interface Place {
  /** Of the pack, relative to the series. */
  readonly key: string;
  /** Bytes from its start. */
  readonly offset: number;
}

export interface BatchDecision {
  /** One for every item. */
  readonly decisions: readonly Decision[];
  /** Bytes of all files of the batch, those that need no storing included. */
  readonly content: number;
  /** To be called once the frame has its place: answers for the files in it. */
  readonly placed: (place: Place, frame: BuiltFrame) => void;
}

/**
 * Decides what of a batch that was read is stored. Has to be called for one batch after another, so that of equal files
 * the first is the one that is stored, whichever was read first.
 */
export function decideBatch(
  { items, answers }: Batch,
  outcomes: readonly ReadOutcome[],
  contents: ContentTable,
  { held, linkable }: Known,
): BatchDecision {
  const kept: ((place: Place, frame: BuiltFrame) => void)[] = [];
  const linked = new Set(linkable);
  let content = 0;
  const decisions = items.map(({ path }, index): Decision => {
    const outcome = outcomes[index];
    const answer = answers[index];
    if (outcome === undefined || answer === undefined) return 'keep';
    if (outcome.outcome !== 'read') return refuse(outcome, answer);
    content += outcome.size;
    const known = decideKnown(outcome, answer, contents, linked);
    if (known !== undefined) return known;
    const location = held[index];
    if (location !== undefined) {
      answer.resolve({ read: outcome, location });
      return 'drop';
    }
    linked.add(outcome.sha256);
    const place = keep(path, outcome, answer, contents);
    kept.push(({ key, offset }, { bytes, skips }) =>
      place.resolve({ key, slice: { offset, bytes: bytes.byteLength, skip: skips[index] ?? 0 } }),
    );
    return 'keep';
  });
  return {
    decisions,
    content,
    placed: (place, frame) => {
      for (const tell of kept) tell(place, frame);
    },
  };
}

function refuse(outcome: Exclude<ReadOutcome, ReadFile>, answer: Answer): Decision {
  if (outcome.outcome === 'failed') answer.reject(new BackupError(outcome.error.message, outcome.error.details));
  else answer.resolve(OUTGROWN);
  return 'drop';
}

/** An empty file needs no sharing: with a member of its own `tar` brings it back. */
function decideKnown(
  read: ReadFile,
  answer: Answer,
  contents: ContentTable,
  linked: ReadonlySet<string>,
): Decision | undefined {
  const known = read.size === 0 ? undefined : contents.find(read.sha256);
  if (known === undefined) return undefined;
  known.location.then((location) => answer.resolve({ read, location: locationFor(known, location) }), answer.reject);
  return linked.has(read.sha256) && isOtherName(read, known) ? { linkTo: known.path } : 'drop';
}

/** Whether a file is the one that was stored, by another name. */
export function isOtherName(read: ReadFile, known: RememberedContent | undefined): known is RememberedContent {
  return read.inode !== undefined && read.inode === known?.inode;
}

function keep(
  path: string,
  read: ReadFile,
  answer: Answer,
  contents: ContentTable,
): PromiseWithResolvers<ContentLocation> {
  const location = Promise.withResolvers<ContentLocation>();
  location.promise.then((found) => answer.resolve({ read, location: found }), answer.reject);
  const { inode, size } = read;
  contents.remember(read.sha256, { path, size, location: location.promise, ...(inode !== undefined && { inode }) });
  return location;
}
