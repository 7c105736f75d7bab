import { describe, expect, it } from '@jest/globals';
import { BackupError } from '../../src/errors.ts';
import { commit, UNHEARD } from '../../src/series/commit.ts';
import { encodeRecord, parseRecord } from '../../src/series/record.ts';
import { formatVersionId, versionIdOf } from '../../src/series/version-id.ts';
import { MemoryStore, type MemoryStoreOptions } from '../../src/store/memory.ts';
import type { ObjectKey } from '../../src/store/object-key.ts';
import type { PutOptions, StoredObject } from '../../src/store/object-store.ts';
import { failure, ID, KEYS, keysIn, PORTS, RECORD, stored, TIME } from './series-fixture.ts';

const key = KEYS.record(ID);
const ATTRIBUTES = { contentType: 'application/json', tags: { version: ID } };
const REQUEST = { keys: KEYS, record: RECORD, attributes: ATTRIBUTES, conditionalWrites: true };

type Reply = 'conflict' | 'denied' | 'down' | 'lost' | 'slow';

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
    if (reply === 'slow') throw new BackupError('503', { class: 'throttled' });
    const done = await super.put(to, body, options);
    if (reply === 'lost') throw new BackupError('no reply', { class: 'transient' });
    return done;
  }
}

const NEWER = KEYS.record(formatVersionId({ ...versionIdOf(ID), number: RECORD.number + 1 }));

async function plantNewer(store: Answering): Promise<void> {
  await MemoryStore.prototype.put.call(store, NEWER, Buffer.from('{}'));
}

describe('commit', () => {
  it('creates the record, with its attributes', async () => {
    const store = new Answering([], { versioning: 'enabled' });
    const done = await commit(store, REQUEST, PORTS);
    expect(parseRecord(await stored(store, key), key, ID)).toEqual({ format: 1, ...RECORD });
    expect(store.attributes(key)).toEqual(ATTRIBUTES);
    expect(await keysIn(store)).toEqual([key]);
    expect(done).toMatchObject({ etag: expect.any(String), versionId: expect.any(String) });
    expect(store.puts).toEqual([{ ...ATTRIBUTES, ifAbsent: true, once: true }]);
  });

  it('sets no condition where the store knows none', async () => {
    const store = new Answering([]);
    await commit(store, { ...REQUEST, conditionalWrites: false }, PORTS);
    expect(store.puts).toEqual([{ ...ATTRIBUTES, once: true }]);
  });

  it('knows its own record by the nonce when the reply was lost', async () => {
    const store = new Answering(['lost']);
    await expect(commit(store, REQUEST, PORTS)).resolves.toEqual({});
    expect(parseRecord(await stored(store, key), key, ID).nonce).toBe(RECORD.nonce);
  });

  it('looks for its record when there is no time to send it again', async () => {
    await expect(commit(new Answering(['lost']), REQUEST, { ...PORTS, retryForMs: 0 })).resolves.toEqual({});
  });

  it('says what went wrong when no record is there', async () => {
    const store = new Answering(Array.from({ length: 100 }, () => 'down' as const));
    await expect(commit(store, REQUEST, PORTS)).rejects.toEqual(failure('transient', /^503 \(tried \d+ times/));
  });

  it('sends the record again where it did not arrive', async () => {
    const store = new Answering(['down', 'slow']);
    await commit(store, REQUEST, PORTS);
    expect(store.puts).toHaveLength(3);
    expect(parseRecord(await stored(store, key), key, ID)).toEqual({ format: 1, ...RECORD });
  });

  it('finds its own record below a newer one, and does not send it again', async () => {
    const store = new Answering(['lost']);
    const ports = { ...PORTS, sleep: () => plantNewer(store) };
    await expect(commit(store, REQUEST, ports)).resolves.toEqual({});
    expect(store.puts).toHaveLength(1);
  });

  it.each(['lost', 'down'] as const)(
    'sends no record again that a prune may have taken away: %s, and a newer version is there',
    async (reply) => {
      const store = new Answering([reply]);
      const sleep = async () => {
        await store.delete([{ key }]);
        await plantNewer(store);
      };
      await expect(commit(store, REQUEST, { ...PORTS, sleep })).rejects.toEqual(
        failure('lost-race', /^Whether version 42 was committed cannot be told: /, { code: UNHEARD, key }),
      );
      expect(store.puts).toHaveLength(1);
      expect(await keysIn(store)).toEqual([NEWER]);
    },
  );

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
