import type { ServerOptions } from '../../../dev/s3-server/options.ts';
import { type S3Server, startS3Server } from '../../../dev/s3-server/server.ts';
import { createS3Agents, createS3Client } from '../../../src/aws/clients.ts';
import { createDirectClient } from '../../../src/aws/direct-client.ts';
import { toBackupError } from '../../../src/aws/errors.ts';
import { RefreshingCredentials } from '../../../src/aws/refreshing-credentials.ts';
import { StoreClock } from '../../../src/aws/store-clock.ts';
import { silentLog } from '../../../src/log.ts';
import { type ObjectKey, objectKey } from '../../../src/store/object-key.ts';
import type { ObjectStore } from '../../../src/store/object-store.ts';
import { Resilience } from '../../../src/store/resilience.ts';
import type { S3ConnectionOptions } from '../../../src/store/s3/connection.ts';
import { ResumingS3Store } from '../../../src/store/s3/resuming-store.ts';
import { S3Store } from '../../../src/store/s3/s3-store.ts';
import { NETWORK } from '../../aws/support/clients.ts';
import { type RecordedLog, recordingLog } from '../../aws/support/log.ts';
import { PORTS } from '../../series/series-fixture.ts';

export const BUCKET = 'series';
const CONCURRENCY = 4;

/** The real adapter and the server it talks to. */
export interface S3Bench extends AsyncDisposable {
  readonly server: S3Server;
  readonly store: S3Store;
  readonly log: RecordedLog;
  /** How often credentials were asked for; the first time is the start. */
  readonly sessions: () => number;
  close(): Promise<void>;
}

export interface BenchOptions extends Omit<ServerOptions, 'buckets'> {
  readonly versioning?: boolean;
  readonly objectLock?: boolean;
  /** As which kind of store the adapter is to take the server. */
  readonly isAmazon?: boolean;
  /** Ends all requests of the adapter. */
  readonly signal?: AbortSignal;
  /** How long the adapter bears silence. */
  readonly idleTimeoutMs?: number;
  /** Whether reads go on after a break by themselves, as they do for commands. */
  readonly resumesReads?: boolean;
}

/** Starts a server with an empty bucket, and opens it as the product does. */
export async function openBench(options: BenchOptions = {}): Promise<S3Bench> {
  const {
    versioning = false,
    objectLock = false,
    isAmazon = false,
    signal = new AbortController().signal,
    idleTimeoutMs,
    resumesReads = false,
    ...rest
  } = options;
  const server = await startS3Server({ ...rest, buckets: [{ name: BUCKET, versioning, objectLock }] });
  const log = recordingLog();
  let sessions = 0;
  const credentials = new RefreshingCredentials({
    source: async () => {
      sessions += 1;
      return server.credentials;
    },
    now: Date.now,
    log: silentLog,
    onSecret: () => {},
  });
  const connection = connectionOptions(server, credentials, { isAmazon, signal, idleTimeoutMs });
  const close = async () => {
    connection.client.destroy();
    await server.close();
  };
  const store = new (resumesReads ? ResumingS3Store : S3Store)(connection, log);
  return { server, store, log, sessions: () => sessions, close, [Symbol.asyncDispose]: close };
}

function connectionOptions(
  { url, region }: S3Server,
  credentials: RefreshingCredentials,
  { isAmazon, signal, idleTimeoutMs }: { isAmazon: boolean; signal: AbortSignal; idleTimeoutMs: number | undefined },
): S3ConnectionOptions {
  const clock = new StoreClock();
  const where = { ...NETWORK, region, endpoint: new URL(url), concurrency: CONCURRENCY };
  const network = {
    ...where,
    agents: createS3Agents(where),
    credentials: credentials.provide,
    clock,
    maxAttempts: 1,
    ...(idleTimeoutMs !== undefined && { idleTimeoutMs }),
  };
  const client = createS3Client(network);
  const about = { bucket: BUCKET, region, endpoint: new URL(url), tagging: true };
  return {
    client,
    resilience: new Resilience(CONCURRENCY, PORTS, silentLog),
    direct: createDirectClient(BUCKET, client, network),
    bucket: BUCKET,
    isAmazon,
    clock,
    credentialRenewal: () => credentials.renewal(),
    toError: (error, subject) => toBackupError(error, { ...about, ...subject }),
    signal,
    retry: PORTS,
  };
}

/** Puts an object under each name, whose text is the name. */
export async function fill(store: ObjectStore, ...names: string[]): Promise<ObjectKey[]> {
  const keys = names.map(objectKey);
  for (const key of keys) await store.put(key, Buffer.from(key));
  return keys;
}

/** The kinds of what was warned of, in order. */
export const warned = ({ log }: Pick<S3Bench, 'log'>) => log.warnings.map(({ kind }) => kind);
