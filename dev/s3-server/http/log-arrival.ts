import type { RequestRecord } from '../request-log.ts';
import type { ServerState } from '../state.ts';
import type { Exchange } from './exchange.ts';
import type { HeaderMap } from './headers.ts';
import type { Prepared } from './prepare.ts';

const SECRET_HEADERS = ['authorization', 'x-amz-security-token', 'x-amz-server-side-encryption-customer-key'];

function loggable(headers: HeaderMap): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      value === undefined || SECRET_HEADERS.includes(name) ? [] : [[name, value]],
    ),
  );
}

function withoutSignature(query: URLSearchParams): string {
  const shown = new URLSearchParams(query);
  for (const name of ['X-Amz-Signature', 'X-Amz-Security-Token']) shown.delete(name);
  return shown.toString();
}

/** Notes a request in the log, and how it ended when its connection is done with it. */
export function logArrival(server: ServerState, { request, operation }: Prepared, exchange: Exchange): RequestRecord {
  const { method, bucket, key, query, headers } = request;
  const record = server.log.arrived({
    method,
    operation,
    bucket,
    key,
    query: withoutSignature(query),
    headers: loggable(headers),
    principal: undefined,
    status: undefined,
    errorCode: undefined,
    bytesReceived: 0,
    bytesSent: 0,
    faults: exchange.faults.map(({ name }) => name),
    outcome: 'open',
  });
  exchange.response.once('close', () => {
    record.outcome = exchange.response.writableFinished ? 'answered' : 'cut';
    record.bytesReceived = exchange.bytesReceived;
    record.bytesSent = exchange.bytesSent;
    server.log.changed(record);
  });
  return record;
}
