import { describe, expect, it } from '@jest/globals';
import type { BatchItem, Decision, ReadFile, ReadOutcome } from '../../src/pack/batch.ts';
import type { ContentLocation } from '../../src/series/model.ts';
import { ContentTable } from '../../src/transfer/content-table.ts';
import { type Answer, type BatchDecision, decideBatch, OUTGROWN } from '../../src/transfer/decide-batch.ts';
import { failure } from '../series/series-fixture.ts';

const read = (digit: string, fields: Partial<ReadFile> = {}): ReadFile => ({
  outcome: 'read',
  size: 5,
  sha256: digit.repeat(64),
  mode: 0o644,
  mtimeNs: 0n,
  changed: false,
  ...fields,
});

class Decided {
  readonly contents = new ContentTable(() => {});

  /** A batch of files with these outcomes, named by the letters of the alphabet from `first` on. */
  decide(
    outcomes: readonly ReadOutcome[],
    held: readonly (ContentLocation | undefined)[] = [],
    first = 'a',
    linkable: ReadonlySet<string> = new Set(),
  ) {
    const path = (at: number) => String.fromCharCode(first.charCodeAt(0) + at);
    const items = outcomes.map((_, at): BatchItem => ({ type: 'file', path: path(at), absolutePath: '', size: 5 }));
    const answers = outcomes.map((): Answer => Promise.withResolvers());
    for (const { promise } of answers) promise.catch(() => {});
    const batch = { items, answers, befores: items.map(() => undefined), bytes: 0 };
    return {
      ...decideBatch(batch, outcomes, this.contents, { held, linkable }),
      answers: answers.map(({ promise }) => promise),
    };
  }
}

const place = (decision: BatchDecision, skips: readonly number[], offset = 100) =>
  decision.placed({ key: 'pack', offset }, { bytes: Buffer.alloc(9), skips });
const slice = (skip: number, member?: string) => ({
  offset: 100,
  bytes: 9,
  skip,
  ...(member !== undefined && { member }),
});

describe('decideBatch', () => {
  it('keeps what is new, and says where it is once the frame has its place', async () => {
    const decided = new Decided().decide([read('1'), read('2')]);
    expect([decided.decisions, decided.content]).toEqual([['keep', 'keep'], 10]);
    place(decided, [0, 1024]);
    expect(await Promise.all(decided.answers)).toEqual([
      { read: read('1'), location: { key: 'pack', slice: slice(0) } },
      { read: read('2'), location: { key: 'pack', slice: slice(1024) } },
    ]);
  });

  it('stores equal files once, within a batch and across batches that are not placed yet', async () => {
    const both = new Decided();
    const first = both.decide([read('1'), read('1')]);
    const second = both.decide([read('1')], [], 'x');
    expect([first.decisions, second.decisions]).toEqual([['keep', 'drop'], ['drop']]);
    place(first, [7, 7]);
    const shared = { key: 'pack', slice: slice(7, 'a') };
    expect(await first.answers[1]).toMatchObject({ location: shared });
    expect(await second.answers[0]).toMatchObject({ location: shared });
  });

  it('makes a hard link of another name of a file, and none of a mere copy', () => {
    const linked = new Decided().decide([
      read('1', { inode: '1:5' }),
      read('1', { inode: '1:5' }),
      read('1', { inode: '1:6' }),
      read('1'),
    ]);
    expect(linked.decisions).toEqual(['keep', { linkTo: 'a' }, 'drop', 'drop'] satisfies Decision[]);
  });

  it('makes one of a file in an earlier batch only where that is in the same pack', () => {
    const both = new Decided();
    both.decide([read('1', { inode: '1:5' }), read('2', { inode: '1:6' })]);
    const again = [read('1', { inode: '1:5' }), read('2', { inode: '1:6' })];
    const linked = both.decide(again, [], 'x', new Set(['1'.repeat(64)]));
    expect(linked.decisions).toEqual([{ linkTo: 'a' }, 'drop'] satisfies Decision[]);
  });

  it('gives every empty file a member of its own', () => {
    expect(new Decided().decide([read('0', { size: 0 }), read('0', { size: 0 })]).decisions).toEqual(['keep', 'keep']);
  });

  it('refers to what the base holds, and sends nothing', async () => {
    const decided = new Decided().decide([read('1')], [{ key: 'old' }]);
    expect(decided.decisions).toEqual(['drop']);
    expect(await decided.answers[0]).toEqual({ read: read('1'), location: { key: 'old' } });
  });

  it('tells whoever added a file of what was not read, and goes on with the others', async () => {
    const details = { class: 'local', operation: 'read file', code: 'VANISHED' } as const;
    const gone: ReadOutcome = { outcome: 'failed', error: { message: 'gone', details } };
    const decided = new Decided().decide([gone, { outcome: 'outgrown' }, read('1')]);
    expect([decided.decisions, decided.content]).toEqual([['drop', 'drop', 'keep'], 5]);
    await expect(decided.answers[0]).rejects.toEqual(failure('local', 'gone', { code: 'VANISHED' }));
    expect(await decided.answers[1]).toBe(OUTGROWN);
  });

  it('keeps links and directories, for which nobody waits', () => {
    const item: BatchItem = { type: 'symlink', path: 'l', mtimeNs: 0n, target: 'a' };
    const batch = { items: [item], answers: [undefined], befores: [undefined], bytes: 0 };
    const decided = decideBatch(batch, [{ outcome: 'none' }], new ContentTable(() => {}), {
      held: [],
      linkable: new Set(),
    });
    expect([decided.decisions, decided.content]).toEqual([['keep'], 0]);
  });
});
