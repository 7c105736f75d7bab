import { describe, expect, it } from '@jest/globals';
import { BackupError, type ErrorDetails } from '../../src/errors.ts';
import { listClaims, listVersions } from '../../src/series/catalogue.ts';
import { encodeClaim, parseClaim } from '../../src/series/claim.ts';
import { type ClaimPorts, type ClaimRequest, claimNumber, MAX_CLAIM_ATTEMPTS } from '../../src/series/claim-number.ts';
import { formatVersionId } from '../../src/series/version-id.ts';
import { MemoryStore, type MemoryStoreOptions } from '../../src/store/memory.ts';
import type { ObjectKey } from '../../src/store/object-key.ts';
import type { ObjectStore, PutOptions, StoredObject } from '../../src/store/object-store.ts';
import { failure, ID, KEYS, keysIn, PORTS, RUN, stored, TIME } from './series-fixture.ts';

const NONCE = 'a'.repeat(32);
const OTHER = 'b'.repeat(32);

/** What a store answers to a PUT, which it may or may not do; `count` is 1 for the first. */
type Reply = (put: () => Promise<StoredObject>, options: PutOptions, count: number) => Promise<StoredObject>;

/** A store to claim in, whose replies a test may change; it counts the PUTs. */
class ClaimStore extends MemoryStore {
  puts = 0;
  readonly #reply: Reply;

  constructor(reply: Reply = (put) => put(), options: Partial<MemoryStoreOptions> = {}) {
    super({ clock: () => TIME, ...options });
    this.#reply = reply;
  }

  override put(key: ObjectKey, body: Uint8Array, options: PutOptions = {}): Promise<StoredObject> {
    this.puts += 1;
    return this.#reply(() => super.put(key, body, options), options, this.puts);
  }
}

const fail = (details: ErrorDetails) => Promise.reject(new BackupError(details.code ?? details.class, details));

/** Nonces in the order they are drawn: `a…`, then `c…`, `d…` */
function portsWith(fields: Partial<ClaimPorts> = {}): ClaimPorts {
  let drawn = 0;
  return { ...PORTS, nonce: () => 'acdef'.charAt(drawn++ % 5).repeat(32), ...fields };
}

async function claimIn(store: ObjectStore, request: Partial<ClaimRequest> = {}, ports = portsWith()) {
  return claimNumber(
    store,
    KEYS,
    {
      type: 'full',
      run: RUN,
      leansOn: [],
      versions: await listVersions(store, KEYS),
      claims: await listClaims(store, KEYS),
      conditionalWritesKnown: true,
      attributes: (id, number) => ({ contentType: 'application/json', tags: { version: id, number: `${number}` } }),
      ...request,
    },
    ports,
  );
}

const foreignClaim = (number: number, nonce = OTHER) =>
  encodeClaim({ id: ID, number, nonce, run: { ...RUN, runId: '999' }, leansOn: [] });

describe('claimNumber on a store with conditional writes', () => {
  it('takes number 1 of a new series, and says so in the claim', async () => {
    const clock = () => new Date('2026-11-22T08:09:10.987Z');
    const store = new ClaimStore((put) => put(), { clock, versioning: 'enabled' });
    const owned = await claimIn(store, { type: 'incremental', leansOn: [ID] });
    const id = 'dist_incremental_20261122T080910Z_000001';
    const key = KEYS.claim({ number: 1 });
    expect(owned).toMatchObject({
      key,
      time: TIME,
      conditionalWrites: true,
      stored: { versionId: expect.any(String) },
    });
    expect(owned.claim).toEqual({ format: 1, id, number: 1, nonce: NONCE, run: RUN, leansOn: [ID] });
    expect(parseClaim(await stored(store, key), key)).toEqual(owned.claim);
    expect(store.attributes(key)).toEqual({ contentType: 'application/json', tags: { version: id, number: '1' } });
    expect(await keysIn(store)).toEqual([key]);
  });

  it('needs one request where conditional writes are known, and one more to try them out', async () => {
    const known = new ClaimStore();
    await claimIn(known);
    expect(known.puts).toBe(1);
    const unknown = new ClaimStore();
    expect(await claimIn(unknown, { conditionalWritesKnown: false })).toMatchObject({ conditionalWrites: true });
    expect(unknown.puts).toBe(2);
  });

  it.each([
    ['versions', [KEYS.record(ID)]],
    ['claims without a record', [KEYS.claim({ number: 42 })]],
    ['both', [KEYS.claim({ number: 42 }), KEYS.record('dist_full_20261122T080910Z_000041')]],
  ])('goes on after %s', async (_what, keys) => {
    const store = new ClaimStore();
    for (const key of keys) await store.put(key, Buffer.from('{}'));
    expect((await claimIn(store)).claim).toMatchObject({ number: 43, id: 'dist_full_20261122T080910Z_000043' });
  });

  it('goes on to the next number when another run was faster, and leaves its claim alone', async () => {
    const store = new ClaimStore();
    const stale = { versions: await listVersions(store, KEYS), claims: await listClaims(store, KEYS) };
    for (const number of [1, 2]) await store.put(KEYS.claim({ number }), foreignClaim(number));
    const owned = await claimIn(store, stale);
    expect(owned.claim).toMatchObject({ number: 3, nonce: 'd'.repeat(32) });
    for (const number of [1, 2]) {
      expect(await stored(store, KEYS.claim({ number }))).toEqual(Buffer.from(foreignClaim(number)));
    }
  });

  it.each([true, false])('knows its own claim when the reply was lost (conditions known: %s)', async (known) => {
    const store = new ClaimStore(async (put, _options, count) => {
      const done = await put();
      return count === 1 ? put() : done;
    });
    const owned = await claimIn(store, { conditionalWritesKnown: known });
    expect(owned).toMatchObject({ claim: { number: 1, nonce: NONCE }, conditionalWrites: true });
    expect(await keysIn(store)).toEqual([KEYS.claim({ number: 1 })]);
  });

  it('tries again when nobody won', async () => {
    const store = new ClaimStore((put, _options, count) => (count <= 2 ? fail({ class: 'conflict' }) : put()));
    expect((await claimIn(store)).claim.number).toBe(1);
    expect(store.puts).toBe(3);
  });

  it('finds its own claim after a conflict that was none', async () => {
    const store = new ClaimStore(async (put, _options, count) => {
      const done = await put();
      return count === 1 ? fail({ class: 'conflict' }) : done;
    });
    expect((await claimIn(store)).claim).toMatchObject({ number: 1, nonce: NONCE });
  });

  it.each([
    ['no claim', Buffer.from('mine')],
    ['too large for a claim', Buffer.alloc(2 * 1024 * 1024, ' ')],
    ['of a newer format', Buffer.from('{"format":2}')],
  ])('takes what is %s for a number that is taken', async (_what, body) => {
    const store = new ClaimStore();
    await store.put(KEYS.claim({ number: 1 }), body);
    expect((await claimIn(store, { claims: [] })).claim.number).toBe(2);
  });

  it('goes on when the rival it lost to is gone before it can be read', async () => {
    const store = new ClaimStore((put, _options, count) => (count === 1 ? fail({ class: 'lost-race' }) : put()));
    expect((await claimIn(store)).claim.number).toBe(2);
  });

  it('does not go on when it may not read who was faster', async () => {
    const denied = new BackupError('no s3:GetObject', { class: 'permanent', code: 'AccessDenied', httpStatus: 403 });
    class Unreadable extends ClaimStore {
      override get(): Promise<never> {
        return Promise.reject(denied);
      }
    }
    const store = new Unreadable();
    await store.put(KEYS.claim({ number: 1 }), foreignClaim(1));
    await expect(claimIn(store, { claims: [] })).rejects.toBe(denied);
  });

  it.each([
    { class: 'permanent', code: 'AccessDenied', httpStatus: 403 },
    { class: 'transient', code: 'ECONNRESET' },
    { class: 'input', code: 'NoSuchBucket' },
  ] as const)('passes on what is no race: %j', async (details) => {
    await expect(claimIn(new ClaimStore(() => fail(details)))).rejects.toMatchObject({ details });
  });

  it('gives up when all numbers are taken', async () => {
    const store = new ClaimStore(() => fail({ class: 'lost-race' }));
    const message = `No free version number was found in ${MAX_CLAIM_ATTEMPTS} tries; too many runs at once.`;
    await expect(claimIn(store)).rejects.toEqual(failure('conflict', message, { attempts: MAX_CLAIM_ATTEMPTS }));
    expect(store.puts).toBe(MAX_CLAIM_ATTEMPTS);
  });
});

const IGNORING: Partial<MemoryStoreOptions> = { conditionalWrites: 'ignored' };
const UNKNOWN = { conditionalWritesKnown: false };

describe('claimNumber on a store without conditional writes', () => {
  const uniqueKey = KEYS.claim({ number: 1, nonce: 'c'.repeat(32) });

  it('finds out that conditions are ignored, and takes a key of its own', async () => {
    const store = new ClaimStore((put) => put(), IGNORING);
    const owned = await claimIn(store, UNKNOWN);
    expect(owned).toMatchObject({ key: uniqueKey, conditionalWrites: false, claim: { number: 1 } });
    expect(parseClaim(await stored(store, uniqueKey), uniqueKey)).toEqual(owned.claim);
  });

  it.each(['NotImplemented', 'InvalidArgument', 'InvalidRequest', 'UnsupportedHeader'])(
    'takes %s to a condition for an answer',
    async (code) => {
      const store = new ClaimStore((put, { ifAbsent }) => (ifAbsent ? fail({ class: 'permanent', code }) : put()));
      for (const conditionalWritesKnown of [true, false]) {
        const owned = await claimIn(store, { conditionalWritesKnown });
        expect(owned).toMatchObject({ conditionalWrites: false });
        expect(KEYS.parseClaim(owned.key)?.nonce).toBe(owned.claim.nonce);
      }
    },
  );

  it('says what the store said where the condition was not to blame', async () => {
    const store = new ClaimStore(() => fail({ class: 'permanent', code: 'InvalidArgument' }));
    await expect(claimIn(store)).rejects.toEqual(failure('permanent', 'InvalidArgument'));
  });

  it('does not ask again in a series that shows it', async () => {
    const conditions: boolean[] = [];
    const store = new ClaimStore((put, { ifAbsent = false }) => {
      conditions.push(ifAbsent);
      return put();
    }, IGNORING);
    await store.put(KEYS.claim({ number: 7, nonce: OTHER }), foreignClaim(7));
    conditions.length = 0;
    expect(await claimIn(store)).toMatchObject({ claim: { number: 8 }, conditionalWrites: false });
    expect(conditions).toEqual([false]);
  });

  it('creates the claim with the attributes of the version', async () => {
    const store = new ClaimStore((put) => put(), IGNORING);
    const { key, claim } = await claimIn(store, UNKNOWN);
    expect(store.attributes(key)).toEqual({
      contentType: 'application/json',
      tags: { version: claim.id, number: '1' },
    });
  });

  describe('when a rival comes between the listing and the claim', () => {
    const RIVAL_TIME = new Date(TIME.getTime() - 1000);

    /** A series that shows what store it is in, listed before a rival claimed a number. */
    async function rivalClaims(number: number, time: Date) {
      const clock = { now: time };
      const store = new ClaimStore((put) => put(), { ...IGNORING, clock: () => clock.now });
      await store.put(KEYS.claim({ number: 4, nonce: OTHER }), foreignClaim(4));
      const claims = await listClaims(store, KEYS);
      await store.put(KEYS.claim({ number, nonce: OTHER }), foreignClaim(number));
      clock.now = TIME;
      return { store, claims };
    }

    it.each([
      ['gives way to an older claim of the same number', 5, RIVAL_TIME, 0, 6],
      ['gives way to a claim of the same second', 5, TIME, 0, 6],
      ['gives way by a random step', 5, TIME, 0.999, 8],
      ['minds no claim of another number', 7, RIVAL_TIME, 0, 5],
    ])('%s', async (_what, rival, time, random, expected) => {
      const { store, claims } = await rivalClaims(rival, time);
      const owned = await claimIn(store, { claims }, portsWith({ random: () => random }));
      expect(owned).toMatchObject({ claim: { number: expected }, conditionalWrites: false });
    });
  });

  it('gives up when it never finds itself the oldest', async () => {
    class Blind extends ClaimStore {
      override async *list(): AsyncGenerator<never> {}
    }
    const store = new Blind((put) => put(), IGNORING);
    await expect(claimIn(store, UNKNOWN)).rejects.toEqual(failure('conflict', /^No free version number/));
  });
});

describe('a number that was taken, committed and pruned since the catalogue was read', () => {
  it('is given up for one above all versions', async () => {
    const store = new ClaimStore();
    const earlier = new Date(TIME.getTime() - 1000);
    const newer = formatVersionId({ series: KEYS.location.series, type: 'full', time: earlier, number: 7 });
    await store.put(KEYS.record(newer), Buffer.from('{}'));
    const { claim, versions } = await claimIn(store, { versions: [], claims: [] });
    expect(claim.number).toBe(8);
    expect(versions.map(({ number }) => number)).toEqual([7]);
  });

  it('is kept when the versions above it were claimed later', async () => {
    const store = new ClaimStore();
    const later = new Date(TIME.getTime() + 1000);
    const overtook = formatVersionId({ series: KEYS.location.series, type: 'full', time: later, number: 7 });
    await store.put(KEYS.record(overtook), Buffer.from('{}'));
    expect((await claimIn(store, { versions: [], claims: [] })).claim.number).toBe(1);
  });
});
