import { describe, expect, it } from '@jest/globals';
import { BackupError } from '../../src/errors.ts';
import { commit } from '../../src/series/commit.ts';
import { encodeRecord, parseRecord } from '../../src/series/record.ts';
import { MemoryStore, type MemoryStoreOptions } from '../../src/store/memory.ts';
import type { ObjectKey } from '../../src/store/object-key.ts';
import type { PutOptions, StoredObject } from '../../src/store/object-store.ts';
import { failure, ID, KEYS, keysIn, PORTS, RECORD, stored, TIME } from './series-fixture.ts';

const key = KEYS.record(ID);
const ATTRIBUTES = { contentType: 'application/json', tags: { version: ID } };
const REQUEST = { key, record: RECORD, attributes: ATTRIBUTES, conditionalWrites: true };

type Reply = 'lost' | 'conflict' | 'denied' | 'down' | 'silent';

/** Answers the first PUTs in another way than the store would. */
class Answering extends MemoryStore {
  readonly puts: PutOptions[] = [];
  readonly #replies: Reply[];

  constructor(replies: readonly Reply[], options: Partial<MemoryStoreOptions> = {}) {
    super({ clock: () => TIME, ...options });
    this.#replies = [...replies];
  }

  override async put(to: ObjectKey, body: Uint8Array, options: PutOptions = {}): Promise<StoredObject> {
    this.puts.push(options);
    const reply = this.#replies.shift();
    if (reply === 'conflict') throw new BackupError('409', { class: 'conflict' });
    if (reply === 'denied') throw new BackupError('403', { class: 'permanent', code: 'AccessDenied' });
    if (reply === 'down') throw new BackupError('503', { class: 'transient' });
    const done = await super.put(to, body, options);
    if (reply === 'silent') throw new BackupError('no reply', { class: 'transient' });
    // As below the seam: the reply is lost, the request is repeated, and the repeat is refused.
    return reply === 'lost' ? super.put(to, body, options) : done;
  }
}

describe('commit', () => {
  it('creates the record, with its attributes', async () => {
    const store = new Answering([], { versioning: 'enabled' });
    const done = await commit(store, REQUEST, PORTS);
    expect(parseRecord(await stored(store, key), key, ID)).toEqual({ format: 1, ...RECORD });
    expect(store.attributes(key)).toEqual(ATTRIBUTES);
    expect(await keysIn(store)).toEqual([key]);
    expect(done).toMatchObject({ etag: expect.any(String), versionId: expect.any(String) });
    expect(store.puts).toEqual([{ ...ATTRIBUTES, ifAbsent: true }]);
  });

  it('sets no condition where the store knows none', async () => {
    const store = new Answering([]);
    await commit(store, { ...REQUEST, conditionalWrites: false }, PORTS);
    expect(store.puts).toEqual([ATTRIBUTES]);
  });

  it('knows its own record by the nonce when the reply was lost', async () => {
    const store = new Answering(['lost']);
    await expect(commit(store, REQUEST, PORTS)).resolves.toEqual({});
    expect(parseRecord(await stored(store, key), key, ID).nonce).toBe(RECORD.nonce);
  });

  it('looks for its record when the last reply was lost too', async () => {
    await expect(commit(new Answering(['silent']), REQUEST, PORTS)).resolves.toEqual({});
  });

  it('says what went wrong when no record is there', async () => {
    await expect(commit(new Answering(['down']), REQUEST, PORTS)).rejects.toEqual(failure('transient', '503'));
  });

  it('tries again when nobody won', async () => {
    const waits: number[] = [];
    const ports = { ...PORTS, sleep: async (ms: number) => void waits.push(ms), random: () => 0.5 };
    const store = new Answering(['conflict', 'conflict']);
    await commit(store, REQUEST, ports);
    expect(store.puts).toHaveLength(3);
    expect(waits).toEqual([50, 100]);
  });

  it('finds its own record after a conflict that was none', async () => {
    const store = new Answering(['conflict', 'lost']);
    await expect(commit(store, REQUEST, PORTS)).resolves.toEqual({});
  });

  it('gives up in the end', async () => {
    const store = new Answering(Array.from({ length: 100 }, () => 'conflict' as const));
    await expect(commit(store, REQUEST, PORTS)).rejects.toEqual(failure('conflict', /^409 \(tried \d+ times/));
    expect(await keysIn(store)).toEqual([]);
  });

  it('knows that another was first though a prune has removed the record by now', async () => {
    const store = new Answering([]);
    await store.put(key, encodeRecord({ ...RECORD, nonce: 'f'.repeat(32) }));
    store.get = async () => {
      throw new BackupError('404', { class: 'not-found' });
    };
    await expect(commit(store, REQUEST, PORTS)).rejects.toEqual(
      failure('lost-race', /^Version 42 was committed by another run .*, and a prune has removed it since\.$/),
    );
  });

  it("leaves another run's record as it is", async () => {
    const store = new Answering([]);
    const foreign = encodeRecord({ ...RECORD, nonce: 'f'.repeat(32) });
    await store.put(key, foreign);
    await expect(commit(store, REQUEST, PORTS)).rejects.toEqual(
      failure('lost-race', 'Version 42 was committed by another run while this one was working.', {
        operation: 'commit',
        key,
        expected: RECORD.nonce,
        found: 'f'.repeat(32),
      }),
    );
    expect(await stored(store, key)).toEqual(Buffer.from(foreign));
  });

  it.each([
    ['no record', Buffer.from('mine!'), /it is not JSON/],
    ['larger than a record can be', Buffer.alloc(2 * 1024 * 1024, ' '), /is larger than the 1048576 bytes/],
    ['a record of another version', encodeRecord({ ...RECORD, id: 'x' }), /says it is another version/],
  ])('does not take for its own what is %s', async (_what, body, message) => {
    const store = new Answering([]);
    await store.put(key, body);
    await expect(commit(store, REQUEST, PORTS)).rejects.toEqual(failure('permanent', message));
  });

  it('passes on what is no race, at once', async () => {
    const store = new Answering(['denied']);
    await expect(commit(store, REQUEST, PORTS)).rejects.toEqual(failure('permanent', '403'));
    expect(store.puts).toHaveLength(1);
  });
});
