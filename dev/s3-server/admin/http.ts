import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ServerState } from '../state.ts';
import { Admin } from './admin.ts';
import { parseFaultScript } from './fault-schema.ts';
import { parseBucketOptions, parseIssuer, parsePolicyInput, parseRole } from './setup-schema.ts';

export const ADMIN_PREFIX = '/_admin/';

/** One call: what was left of the path behind the route, the query and the body. */
interface AdminCall {
  readonly state: ServerState;
  readonly admin: Admin;
  readonly name: string;
  readonly query: URLSearchParams;
  readonly body: unknown;
}

type Route = (call: AdminCall) => unknown;

const prefixOf = ({ query }: AdminCall): string => query.get('prefix') ?? '';

/** `METHOD noun[/verb]`; a bucket's name stands between the two: `/_admin/buckets/NAME/objects`. */
const ROUTES: Readonly<Record<string, Route>> = {
  'GET requests': ({ state }) => state.log.all,
  'DELETE requests': ({ state }) => state.log.clear(),
  'GET faults': ({ state }) => state.faults.report(),
  'POST faults': ({ state, body }) => state.faults.add(parseFaultScript(body)),
  'DELETE faults': ({ state }) => state.faults.clear(),
  'POST buckets': ({ admin, body }) => admin.createBucket(parseBucketOptions(body)),
  'GET buckets/objects': (call) => call.admin.listObjects(call.name, prefixOf(call)),
  'GET buckets/versions': (call) => call.admin.listVersions(call.name, prefixOf(call)),
  'GET buckets/uploads': ({ admin, name }) => admin.listUploads(name),
  'PUT buckets/policy': ({ admin, name, body }) => admin.putBucketPolicy(name, parsePolicyInput(body)),
  'DELETE buckets/policy': ({ admin, name }) => admin.putBucketPolicy(name, undefined),
  'POST roles': ({ admin, body }) => {
    const { arn, ...settings } = parseRole(body);
    admin.addRole(arn, settings);
  },
  'POST issuers': ({ admin, body }) => admin.addIssuer(parseIssuer(body)),
};

async function readJson(incoming: IncomingMessage): Promise<unknown> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of incoming) chunks.push(chunk);
  return chunks.length === 0 ? undefined : JSON.parse(Buffer.concat(chunks).toString('utf8'));
}

async function answer(state: ServerState, incoming: IncomingMessage): Promise<{ status: number; body: unknown }> {
  const { pathname, searchParams } = new URL(incoming.url ?? '/', 'http://localhost');
  const [noun = '', name = '', verb] = pathname.slice(ADMIN_PREFIX.length).split('/').map(decodeURIComponent);
  const route = ROUTES[`${incoming.method} ${verb === undefined ? noun : `${noun}/${verb}`}`];
  if (route === undefined) return { status: 404, body: { message: 'no such admin route' } };
  const body = await readJson(incoming);
  const result = await route({ state, admin: new Admin(state), name, query: searchParams, body });
  return { status: 200, body: result ?? {} };
}

/** The in-process interface over HTTP, for a server that runs as a child process. Nobody is asked who they are. */
export async function serveAdmin(
  state: ServerState,
  incoming: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { status, body } = await answer(state, incoming).catch((error: unknown) => ({
    status: 400,
    body: { message: error instanceof Error ? error.message : String(error) },
  }));
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}
