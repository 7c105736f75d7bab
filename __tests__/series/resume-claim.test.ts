import { describe, expect, it } from '@jest/globals';
import { BackupError } from '../../src/errors.ts';
import { listClaims, listVersions } from '../../src/series/catalogue.ts';
import { encodeClaim, parseClaim } from '../../src/series/claim.ts';
import { findOpenClaim, isOvertaken, resumeClaim } from '../../src/series/resume-claim.ts';
import { versionIdOf } from '../../src/series/version-id.ts';
import { MemoryStore, type MemoryStoreOptions } from '../../src/store/memory.ts';
import type { ObjectKey } from '../../src/store/object-key.ts';
import { failure, ID, KEYS, keysIn, PORTS, RUN, stored, TIME } from './series-fixture.ts';

const HOUR_MS = 3_600_000;
const ABANDONED_AFTER_MS = 24 * HOUR_MS;
const AGAIN = { ...RUN, runAttempt: '2' };
const FIRST = KEYS.claim({ number: 42 });
const SECOND = KEYS.claim({ number: 42, turn: 2 });
const CLAIM = { id: ID, number: 42, nonce: 'a'.repeat(32), run: RUN, leansOn: [], form: 'f' };

/** A series with a claim of number 42 that has no version. */
class Interrupted extends MemoryStore {
  nowMs: number;

  constructor(options: Partial<MemoryStoreOptions> = {}) {
    super({ clock: () => new Date(this.nowMs), ...options });
    this.nowMs = TIME.getTime();
  }

  static async create(options: Partial<MemoryStoreOptions> = {}): Promise<Interrupted> {
    const store = new Interrupted(options);
    await store.put(FIRST, encodeClaim(CLAIM));
    return store;
  }

  async find(isOwn = () => true, onUnreadable?: (key: ObjectKey) => void) {
    const [versions, claims] = [await listVersions(this, KEYS), await listClaims(this, KEYS)];
    return findOpenClaim(this, KEYS, { versions, claims }, isOwn, onUnreadable);
  }

  async resume(conditionalWritesKnown = true, nonce = 'b') {
    const open = await this.find();
    if (open === undefined) throw new Error('there is no open claim');
    const request = {
      run: AGAIN,
      leansOn: [],
      conditionalWritesKnown,
      abandonedAfterMs: ABANDONED_AFTER_MS,
      attributes: {},
    };
    return resumeClaim(this, KEYS, open, request, { ...PORTS, nonce: () => nonce.repeat(32) });
  }
}

describe('findOpenClaim', () => {
  it('finds the claim of an attempt, the latest of its number', async () => {
    const store = await Interrupted.create();
    expect(await store.find()).toMatchObject({ claim: CLAIM, turn: 1, lastModified: TIME });
    await store.put(SECOND, encodeClaim({ ...CLAIM, run: AGAIN }));
    expect(await store.find()).toMatchObject({ claim: { run: AGAIN }, turn: 2 });
  });

  it('finds none that is not asked for', async () => {
    expect(await (await Interrupted.create()).find(() => false)).toBeUndefined();
  });

  it.each([
    ['a version of its number', KEYS.record(ID)],
    ['a newer version', KEYS.record(ID.replace('_000042', '_000043'))],
    ['a claim of a store without conditions', KEYS.claim({ number: 7, nonce: 'c0ffee' })],
  ])('finds none beside %s', async (_what, key) => {
    const store = await Interrupted.create();
    await store.put(key, Buffer.from('there'));
    expect(await store.find()).toBeUndefined();
  });

  it('tells of a claim that cannot be read, and of no other', async () => {
    const unreadable: string[] = [];
    const note = (key: string) => void unreadable.push(key);
    const store = await Interrupted.create();
    await store.find(() => false, note);
    expect(unreadable).toEqual([]);
    await store.put(FIRST, Buffer.from('nonsense'));
    await store.find(undefined, note);
    expect(unreadable).toEqual([FIRST]);
  });

  it.each([
    ['is no claim', Buffer.from('nonsense')],
    ['is of another number', encodeClaim({ ...CLAIM, number: 41, id: ID.replace('_000042', '_000041') })],
    ['is of another series', encodeClaim({ ...CLAIM, id: ID.replace('dist', 'other') })],
  ])('does not believe what %s', async (_what, body) => {
    const store = await Interrupted.create();
    await store.put(FIRST, body);
    expect(await store.find()).toBeUndefined();
  });
});

describe('resumeClaim', () => {
  it('takes the next turn: number, ID and time stay, nonce and run are its own', async () => {
    const store = await Interrupted.create();
    store.nowMs += HOUR_MS;
    const owned = await store.resume();
    expect(owned).toMatchObject({
      key: SECOND,
      time: versionIdOf(ID).time,
      conditionalWrites: true,
      resumed: { turn: 2, since: new Date(TIME.getTime() + HOUR_MS) },
    });
    const claim = parseClaim(await stored(store, SECOND), SECOND);
    expect(claim).toEqual({ format: 1, ...CLAIM, run: AGAIN, nonce: 'b'.repeat(32) });
    expect(parseClaim(await stored(store, FIRST), FIRST).run).toEqual(RUN);
  });

  it('has one owner for each turn', async () => {
    const store = await Interrupted.create();
    const open = await store.find();
    const both = await Promise.all([store.resume(true, 'b'), store.resume(true, 'c')]);
    expect(both.filter((owned) => owned !== undefined)).toHaveLength(1);
    expect(open).toBeDefined();
  });

  it.each([ABANDONED_AFTER_MS / 2, ABANDONED_AFTER_MS])(
    'takes none %i ms later: a prune may be at its data',
    async (ms) => {
      const store = await Interrupted.create();
      store.nowMs += ms;
      expect(await store.resume()).toBeUndefined();
      // A prune may have freed the number, and the turn would then be of somebody else's.
      expect(await keysIn(store)).toEqual([FIRST]);
    },
  );

  it('takes none that has become old while its claim was on its way', async () => {
    const store = await Interrupted.create();
    const put = store.put.bind(store);
    store.put = async (...request) => {
      const answer = await put(...request);
      store.nowMs += ABANDONED_AFTER_MS / 2;
      return answer;
    };
    expect(await store.resume()).toBeUndefined();
    expect(await keysIn(store)).toEqual([SECOND, FIRST]);
  });

  it('takes none whose version is there by now', async () => {
    const store = await Interrupted.create();
    const open = await store.find();
    await store.put(KEYS.record(ID), Buffer.from('there'));
    const request = { run: AGAIN, leansOn: [], conditionalWritesKnown: true, abandonedAfterMs: ABANDONED_AFTER_MS };
    const ports = { ...PORTS, nonce: () => 'b'.repeat(32) };
    if (open === undefined) throw new Error('there is no open claim');
    expect(await resumeClaim(store, KEYS, open, { ...request, attributes: {} }, ports)).toBeUndefined();
  });

  it('takes none in a store that ignores conditions, which it finds out', async () => {
    const store = await Interrupted.create({ conditionalWrites: 'ignored' });
    expect(await store.resume(false)).toBeUndefined();
    expect(await (await Interrupted.create()).resume(false)).toBeDefined();
  });

  it('writes nothing but its claim', async () => {
    const store = await Interrupted.create();
    await store.resume();
    expect(await keysIn(store)).toEqual([SECOND, FIRST]);
  });
});

it('isOvertaken by a lost race of an attempt that is not the first', () => {
  const lost = new BackupError('lost', { class: 'lost-race' });
  const resumed = { turn: 2, since: TIME };
  expect(isOvertaken(lost, { resumed })).toBe(true);
  expect(isOvertaken(lost, {})).toBe(false);
  expect(isOvertaken(new BackupError('no', { class: 'permanent' }), { resumed })).toBe(false);
  expect(lost).toEqual(failure('lost-race', 'lost'));
});
