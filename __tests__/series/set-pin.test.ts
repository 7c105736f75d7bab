import { describe, expect, it } from '@jest/globals';
import { BackupError } from '../../src/errors.ts';
import type { VersionFacts } from '../../src/retention/types.ts';
import { encodePin, readPin } from '../../src/series/pin.ts';
import { removePin, setPin } from '../../src/series/set-pin.ts';
import { MemoryStore } from '../../src/store/memory.ts';
import type { ObjectKey } from '../../src/store/object-key.ts';
import type { PutOptions, StoredObject } from '../../src/store/object-store.ts';
import { refusing } from '../store/observed-store.ts';
import { failure, ID, KEYS, keysIn, PORTS, RUN, TIME } from './series-fixture.ts';

const VERSION: VersionFacts = { id: ID, number: 42, type: 'full', time: TIME };
const PIN = { id: ID, number: 42, run: RUN, time: TIME.toISOString() };
const KEY = KEYS.pin(42);
const WHY = { run: RUN, reason: 'audit' };

/** Does something of its own in the place of the first PUT of a pin. */
class Meddled extends MemoryStore {
  readonly #meddle: (put: () => Promise<StoredObject>) => Promise<StoredObject>;
  #puts = 0;

  constructor(meddle: (put: () => Promise<StoredObject>) => Promise<StoredObject>) {
    super({ clock: () => TIME });
    this.#meddle = meddle;
  }

  override async put(key: ObjectKey, body: Uint8Array, options?: PutOptions): Promise<StoredObject> {
    const put = () => super.put(key, body, options);
    if (key !== KEY) return put();
    this.#puts += 1;
    return this.#puts === 1 ? this.#meddle(put) : put();
  }
}

async function committed<T extends MemoryStore>(store: T): Promise<T> {
  await store.put(KEYS.record(ID), Buffer.from('record'));
  return store;
}

const plainStore = () => committed(new MemoryStore({ clock: () => TIME }));
const pin = (store: MemoryStore) => setPin(store, KEYS, VERSION, WHY, PORTS);

describe('setPin', () => {
  it('writes who, when and why', async () => {
    const store = await plainStore();
    const expected = { format: 1, ...PIN, reason: 'audit' };
    expect(await pin(store)).toEqual({ changed: true, pin: expected });
    expect(await readPin(store, KEYS, 42)).toEqual(expected);
    expect(store.attributes(KEY)).toEqual({ contentType: 'application/json' });
  });

  it('leaves the first pin alone', async () => {
    const store = await plainStore();
    await store.put(KEY, encodePin({ ...PIN, reason: 'first' }));
    expect(await pin(store)).toMatchObject({ changed: false, pin: { reason: 'first' } });
    expect(await readPin(store, KEYS, 42)).toMatchObject({ reason: 'first' });
  });

  it('leaves a pin that was set by hand alone', async () => {
    const store = await plainStore();
    await store.put(KEY, Buffer.from(''));
    expect(await pin(store)).toEqual({ changed: false });
  });

  it('says that another one was first where a race was lost', async () => {
    const store = new Meddled(async (put) => {
      await store.put(KEY, encodePin({ ...PIN, reason: 'rival' }));
      return put();
    });
    expect(await pin(await committed(store))).toMatchObject({ changed: false, pin: { reason: 'rival' } });
  });

  it('knows its own pin when the reply to it was lost', async () => {
    const store = new Meddled(async (put) => {
      await put();
      return put();
    });
    expect(await pin(await committed(store))).toMatchObject({ changed: true, pin: { reason: 'audit' } });
  });

  it('tries a conflict again', async () => {
    const store = new Meddled(async () => {
      throw new BackupError('409', { class: 'conflict' });
    });
    expect(await pin(await committed(store))).toMatchObject({ changed: true });
  });

  it('does without a condition where the store has none', async () => {
    const store = new Meddled(async () => {
      throw new BackupError('501', { class: 'permanent', code: 'NotImplemented', httpStatus: 501 });
    });
    expect(await pin(await committed(store))).toMatchObject({ changed: true });
  });

  it('fails where the version was pruned meanwhile', async () => {
    const store = new Meddled(async (put) => {
      await store.delete([{ key: KEYS.record(ID) }]);
      return put();
    });
    await expect(pin(await committed(store))).rejects.toEqual(
      failure('not-found', `The version ${ID} was removed by a prune while it was being pinned.`),
    );
  });
});

describe('removePin', () => {
  it('takes a pin away, and says what it was', async () => {
    const store = await plainStore();
    await pin(store);
    expect(await removePin(store, KEYS, VERSION)).toMatchObject({ changed: true, pin: { reason: 'audit' } });
    expect(await keysIn(store)).toEqual([KEYS.record(ID)]);
  });

  it('changes nothing where there is none', async () => {
    expect(await removePin(await plainStore(), KEYS, VERSION)).toEqual({ changed: false });
  });

  it('fails where the store refuses', async () => {
    const store = await plainStore();
    await pin(store);
    await expect(
      removePin(
        refusing(store, () => 'AccessDenied'),
        KEYS,
        VERSION,
      ),
    ).rejects.toEqual(
      failure('permanent', `The pin "${KEY}" could not be deleted: AccessDenied, Not now.`, { code: 'AccessDenied' }),
    );
  });
});
