import { createHash } from 'node:crypto';
import { listClaims, listVersions } from '../../src/series/catalogue.ts';
import { parseClaim } from '../../src/series/claim.ts';
import { MAX_DOCUMENT_BYTES } from '../../src/series/json.ts';
import { findOpenClaim, isOvertaken } from '../../src/series/resume-claim.ts';
import { isEarlierAttempt } from '../../src/series/same-run.ts';
import { versionIdOf } from '../../src/series/version-id.ts';
import type { ObjectStore } from '../../src/store/object-store.ts';
import { readSmall } from '../../src/store/read-small.ts';
import { KEYS, RUN } from '../series/series-fixture.ts';
import { actor, commitData, noteFailure, put, type Steps } from './actors.ts';
import { makeVersion } from './series.ts';
import type { Actor } from './stage.ts';
import { ABANDONED_AFTER_MS, portsOf, type World } from './world.ts';

const RUN_AGAIN = { ...RUN, runAttempt: '2' };

/**
 * A later attempt of the run of all writers: goes on with a claim of theirs, whether they are dead or alive, and refers to
 * what they have stored where it is what it would store. Who is overtaken begins anew.
 *
 * @param text of its file; by default what the writer of its name has
 */
export function resumer(world: World, name: string, steps: Steps, text = `file of ${name}`): Actor {
  return actor(world, steps, async (store) => {
    const ports = portsOf(`resuming ${name}`);
    try {
      for (let resumes = true; ; resumes = false) {
        const owned = await own(world, store, resumes, steps, ports);
        const made = await storeData(store, owned.claim.id, steps.turnOf(owned), text);
        try {
          return await commitData(world, store, owned, made, ports);
        } catch (error) {
          if (!isOvertaken(error, owned)) throw error;
        }
      }
    } catch (error) {
      noteFailure(world, name, error);
    }
  });
}

/** The attempt that was taken for dead, of which {@link plantKilledAttempt} knows all but the end: it is alive, and commits. */
export function survivor(world: World, id: string, steps: Steps): Actor {
  return actor(world, steps, async (store) => {
    const { number, time } = versionIdOf(id);
    const key = KEYS.claim({ number });
    const claim = parseClaim(Buffer.from(await readSmall(world.store, key, MAX_DOCUMENT_BYTES)), key);
    const made = makeVersion(id, 'file of A');
    const ports = portsOf('survivor');
    try {
      await put(store, KEYS.index(id), made.contents.get(KEYS.index(id)) ?? '');
      const owned = { claim, key, time, stored: {}, conditionalWrites: true, versions: [] };
      await commitData(world, store, owned, made, ports);
    } catch (error) {
      noteFailure(world, 'survivor', error);
    }
  });
}

async function own(
  world: World,
  store: ObjectStore,
  resumes: boolean,
  steps: Steps,
  ports: ReturnType<typeof portsOf>,
) {
  const [versions, claims] = await Promise.all([listVersions(store, KEYS), listClaims(store, KEYS)]);
  const conditionalWritesKnown = world.conditionalWrites === 'enforced';
  const wanted = { run: RUN_AGAIN, leansOn: [], conditionalWritesKnown };
  const isOwn = ({ run }: { run: typeof RUN }) => isEarlierAttempt(run, RUN_AGAIN);
  const open = resumes ? await findOpenClaim(store, KEYS, { versions, claims }, isOwn) : undefined;
  const request = { ...wanted, abandonedAfterMs: ABANDONED_AFTER_MS, attributes: {} };
  const resumed = open && (await steps.resume(store, KEYS, open, request, ports));
  if (resumed !== undefined) return resumed;
  return steps.claimAndCheck(store, { ...wanted, type: 'full', versions, claims, attributes: () => ({}) }, ports);
}

/** Refers to the file of the first attempt if it is the same, by the ETag in the listing. */
async function storeData(store: ObjectStore, id: string, turn: number, text: string) {
  const first = KEYS.file(id, 'file');
  const listed = turn > 1 ? await Array.fromAsync(store.list(KEYS.dataPrefix(id))) : [];
  const etag = `"${createHash('md5').update(text).digest('hex')}"`;
  const isSame = listed.some((object) => object.key === first && object.etag === etag);
  const file = isSame ? first : KEYS.file(id, 'file', turn);
  const made = makeVersion(id, text, new Map(), { file, turn });
  for (const [key, content] of made.contents) if (key !== first || !isSame) await put(store, key, content);
  return made;
}
