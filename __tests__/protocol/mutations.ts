import { BackupError, isClass } from '../../src/errors.ts';
import { doomedVersions } from '../../src/retention/plan.ts';
import { checkBase } from '../../src/series/base-check.ts';
import { listVersions } from '../../src/series/catalogue.ts';
import { claimNumber } from '../../src/series/claim-number.ts';
import { removeData } from '../../src/series/prune-leftovers.ts';
import { PruneTally } from '../../src/series/prune-outcome.ts';
import { Remover } from '../../src/series/prune-remover.ts';
import type { ObjectStore } from '../../src/store/object-store.ts';
import { KEYS } from '../series/series-fixture.ts';
import { baseOf, REAL, type Steps } from './actors.ts';

/** The base is looked for before the claim is there that would keep it. */
export const CLAIM_AFTER_BASE_CHECK: Steps = {
  ...REAL,
  async claimAndCheck(store, request, ports) {
    const base = baseOf(request.leansOn);
    if (base !== undefined) checkBase(await listVersions(store, KEYS), base, KEYS);
    return claimNumber(store, KEYS, request, ports);
  },
};

/** The data of the doomed goes while their records still promise it. */
export const DATA_BEFORE_RECORD: Steps = {
  ...REAL,
  async prune(task) {
    const tally = new PruneTally();
    const remover = new Remover(task.store, 'plain', tally);
    for (const { id } of doomedVersions(task.plan)) await removeData({ ...task, tally, remover }, id);
    return REAL.prune(task);
  },
};

/** Whoever meets a claim takes it for its own. */
export const NONCE_IGNORED: Steps = {
  ...REAL,
  view(store) {
    const sent = new Map<string, Uint8Array>();
    return viewOf(store, {
      put(key, body, options) {
        if (options?.ifAbsent) sent.set(key, body);
        return store.put(key, body, options);
      },
      async get(key, options) {
        const found = await store.get(key, options);
        const mine = sent.get(key);
        return mine === undefined ? found : { ...found, body: once(mine) };
      },
    });
  },
};

/** "Nobody won yet" is heard as "another one won". */
export const CONFLICT_TAKEN_AS_LOST: Steps = {
  ...REAL,
  view: (store) =>
    viewOf(store, {
      async put(key, body, options) {
        try {
          return await store.put(key, body, options);
        } catch (error) {
          if (!(error instanceof BackupError) || error.class !== 'conflict') throw error;
          throw new BackupError(error.message, { ...error.details, class: 'lost-race' });
        }
      },
    }),
};

/** A record whose reply was lost is sent again, whatever has become of the version since. */
export const RECORD_SENT_AGAIN_BLINDLY: Steps = {
  ...REAL,
  view: (store) =>
    viewOf(store, {
      async put(key, body, options) {
        try {
          return await store.put(key, body, options);
        } catch (error) {
          if (!options?.once || !isClass(error, 'transient')) throw error;
          return store.put(key, body, options);
        }
      },
    }),
};

/** Two attempts may have one turn, and write to the same keys. */
export const TURN_WITHOUT_CONDITION: Steps = {
  ...REAL,
  resume: (store, ...rest) =>
    REAL.resume(
      viewOf(store, { put: (key, body, { ifAbsent: _, ...options } = {}) => store.put(key, body, options) }),
      ...rest,
    ),
};

/** A later attempt replaces what the earlier one stored. */
export const ONE_PLACE_FOR_ALL_TURNS: Steps = { ...REAL, turnOf: () => 1 };

function viewOf(store: ObjectStore, changes: Partial<ObjectStore>): ObjectStore {
  return new Proxy(store, {
    get(target, name) {
      const own: unknown = Reflect.get(changes, name) ?? Reflect.get(target, name, target);
      return typeof own === 'function' && !Object.hasOwn(changes, name) ? own.bind(target) : own;
    },
  });
}

async function* once(body: Uint8Array): AsyncGenerator<Uint8Array> {
  yield body;
}
