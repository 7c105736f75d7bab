import http from 'node:http';
import { Admin } from './admin/admin.ts';
import { ADMIN_PREFIX, serveAdmin } from './admin/http.ts';
import { FaultRegistry } from './faults/registry.ts';
import { closeServer, listen } from './http/lifecycle.ts';
import { serve } from './http/serve.ts';
import { DEFAULT_ACCOUNT, DEFAULT_CREDENTIALS, DEFAULT_REGION, type ServerOptions } from './options.ts';
import { AMAZON } from './personality.ts';
import { rootPrincipal } from './policy/principal.ts';
import { RequestLog, type RequestRecord } from './request-log.ts';
import { CredentialTable } from './sigv4/credentials.ts';
import type { ServerState } from './state.ts';
import { BodyStore } from './storage/bodies.ts';
import { RoleRegistry } from './sts/roles.ts';

const MAX_HEADER_BYTES = 64 * 1024;
const KEEP_ALIVE_MS = 60_000;

/** A running server. S3 and STS answer at the same address. */
export interface S3Server {
  readonly url: string;
  readonly port: number;
  readonly region: string;
  readonly account: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  readonly faults: FaultRegistry;
  readonly requests: RequestLog;
  readonly admin: Admin;
  /** As `requests.waitFor`. */
  waitFor(predicate: (record: RequestRecord) => boolean): Promise<RequestRecord>;
  /** Cuts every connection and removes the body files. */
  close(): Promise<void>;
}

async function makeState(options: ServerOptions): Promise<ServerState> {
  const { account = DEFAULT_ACCOUNT, region = DEFAULT_REGION, credentials = DEFAULT_CREDENTIALS } = options;
  const state: ServerState = {
    account,
    region,
    personality: { ...AMAZON, ...options.personality },
    buckets: new Map(),
    bodies: await BodyStore.open(options.dataDirectory),
    credentials: new CredentialTable(),
    roles: new RoleRegistry(),
    issuers: [],
    sessionSeconds: options.sessionSeconds,
    announcedSessionSeconds: options.announcedSessionSeconds,
    faults: new FaultRegistry(),
    log: new RequestLog(),
    now: options.now ?? (() => new Date()),
  };
  state.credentials.add({
    ...credentials,
    sessionToken: undefined,
    expires: undefined,
    principal: rootPrincipal(account),
  });
  return state;
}

function setUp(admin: Admin, { buckets = [], roles = {}, issuers = [] }: ServerOptions): void {
  for (const bucket of buckets) admin.createBucket(bucket);
  for (const [arn, settings] of Object.entries(roles)) admin.addRole(arn, settings);
  for (const issuer of issuers) admin.addIssuer(issuer);
}

function makeHttpServer(state: ServerState, withAdmin: boolean): http.Server {
  const options = { maxHeaderSize: MAX_HEADER_BYTES, keepAliveTimeout: KEEP_ALIVE_MS, requestTimeout: 0 };
  const server = http.createServer(options, (request, response) => {
    if (withAdmin && request.url?.startsWith(ADMIN_PREFIX)) void serveAdmin(state, request, response);
    else void serve(state, request, response, false);
  });
  server.on('checkContinue', (request, response) => void serve(state, request, response, true));
  return server;
}

/** Starts a server; everything in it is gone when it is closed. */
export async function startS3Server(options: ServerOptions = {}): Promise<S3Server> {
  const state = await makeState(options);
  const admin = new Admin(state);
  setUp(admin, options);
  const server = makeHttpServer(state, options.admin ?? false);
  const url = await listen(server, options.port ?? 0, options.host ?? '127.0.0.1');
  return {
    url,
    port: Number(new URL(url).port),
    region: state.region,
    account: state.account,
    credentials: options.credentials ?? DEFAULT_CREDENTIALS,
    faults: state.faults,
    requests: state.log,
    admin,
    waitFor: (predicate) => state.log.waitFor(predicate),
    close: async () => {
      state.faults.clear();
      await closeServer(server);
      await state.bodies.close();
    },
  };
}
