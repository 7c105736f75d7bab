import type { RequestFacts } from '../faults/match.ts';
import type { Principal } from '../policy/principal.ts';
import type { ServerState } from '../state.ts';
import type { Answer } from './answer.ts';
import { dispatchS3 } from './dispatch-s3.ts';
import { dispatchSts, isStsRequest } from './dispatch-sts.ts';
import type { Exchange } from './exchange.ts';
import { parseRequest, type S3Request } from './request.ts';
import { operationOf, type S3Operation } from './routes.ts';

/** A request whose operation is known, ready to be carried out. */
export interface Prepared {
  readonly request: S3Request;
  readonly service: 's3' | 'sts';
  readonly operation: string;
  perform(exchange: Exchange, authenticated: (principal: Principal) => void): Promise<Answer>;
}

async function readText(body: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

/** @throws {S3Error} InvalidURI. */
export async function prepare(server: ServerState, exchange: Exchange): Promise<Prepared> {
  const request = parseRequest(exchange.incoming, () => exchange.body());
  if (isStsRequest(request)) {
    const form = await readText(request.body());
    const operation = new URLSearchParams(form).get('Action') ?? 'Unknown';
    const perform: Prepared['perform'] = (_, authenticated) => dispatchSts(server, request, form, authenticated);
    return { request, service: 'sts', operation, perform };
  }
  return prepareS3(server, request);
}

/** A request that asks for nothing the server knows is logged and refused like any other. */
function prepareS3(server: ServerState, request: S3Request): Prepared {
  let operation: S3Operation;
  try {
    operation = operationOf(request);
  } catch (error) {
    return { request, service: 's3', operation: 'Unknown', perform: () => Promise.reject(error) };
  }
  return {
    request,
    service: 's3',
    operation,
    perform: ({ faults }, authenticated) => dispatchS3(server, { request, operation, faults, authenticated }),
  };
}

/** What scripted faults are matched against. */
export function factsOf({ request, operation }: Prepared): RequestFacts {
  const { method, bucket, key, headers, query } = request;
  return { operation, method, bucket, key, headers, query };
}
