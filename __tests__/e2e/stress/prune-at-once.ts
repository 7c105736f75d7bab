import { silentLog } from '../../../src/log.ts';
import { planRetention } from '../../../src/retention/plan.ts';
import { listVersions } from '../../../src/series/catalogue.ts';
import { prune } from '../../../src/series/prune.ts';
import { claimReader } from '../../../src/series/prune-claims.ts';
import type { PruneOutcome } from '../../../src/series/prune-outcome.ts';
import { openStore } from '../../../src/store/open-store.ts';
import { NETWORK } from '../../aws/support/clients.ts';
import { KEYS, PORTS, RUN } from '../../series/series-fixture.ts';
import type { Bucket } from '../bucket.ts';
import { REGION, type World } from '../world.ts';

const NO_AGE_MS = 0;

/**
 * The prune of the product past the age at which runs count as killed, for a store whose clock is not ours to move: the
 * age is nothing instead, which the input `abandoned-after` does not allow. To be called when no run is at work.
 */
export async function pruneAtOnce(
  { owner, endpoint }: World,
  bucket: Bucket,
  { keepLast, temporaryDirectory }: { readonly keepLast: number; readonly temporaryDirectory: string },
): Promise<PruneOutcome> {
  // For the SDK's default chain, as a job with keys of its own has them.
  process.env.AWS_ACCESS_KEY_ID = owner.accessKeyId;
  process.env.AWS_SECRET_ACCESS_KEY = owner.secretAccessKey;
  const { prefix, series } = KEYS.location;
  const { store } = await openStore(
    { bucket: bucket.name, prefix, series, region: REGION, endpoint, forcePathStyle: true },
    { audience: '', roleDurationSeconds: 900, sessionPolicy: 'none' },
    {
      network: NETWORK,
      getIdToken: async () => '',
      onSecret: () => {},
      run: RUN,
      features: [],
      concurrency: 8,
      signal: new AbortController().signal,
      retry: PORTS,
      log: silentLog,
    },
  );
  const versions = await listVersions(store, KEYS);
  return prune({
    store,
    keys: KEYS,
    plan: planRetention(versions, { keepLast }, [], { now: store.now(), timezone: 'UTC' }),
    versioning: await store.versioning(),
    pruneNoncurrent: false,
    sweepsUploads: true,
    abandonedAfterMs: NO_AGE_MS,
    readClaim: claimReader(store),
    temporaryDirectory,
  });
}
