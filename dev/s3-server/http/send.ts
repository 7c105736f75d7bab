import type { ServerResponse } from 'node:http';
import type { Answer } from './answer.ts';
import type { Exchange } from './exchange.ts';

function headersToSend(exchange: Exchange, answer: Answer, always: Readonly<Record<string, string>>): string[] {
  const length = answer.body === undefined ? undefined : String(Buffer.byteLength(answer.body));
  const silent = exchange.incoming.method === 'HEAD' || answer.status === 204 || answer.status === 304;
  const empty = answer.stream === undefined && !silent ? '0' : undefined;
  const headers = {
    ...always,
    'content-length': length ?? empty,
    ...answer.headers,
    ...(exchange.reusable ? {} : { connection: 'close' }),
  };
  return Object.entries(headers).flatMap(([name, value]) => (value === undefined ? [] : [name, value]));
}

/** Resolves when there is room again, or nobody left to read. */
function drained(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      response.off('drain', done);
      response.off('close', done);
      resolve();
    };
    response.on('drain', done);
    response.on('close', done);
  });
}

async function sendStream(exchange: Exchange, stream: AsyncIterable<Uint8Array>): Promise<void> {
  const { response } = exchange;
  response.flushHeaders();
  for await (const chunk of stream) {
    if (response.destroyed) return;
    exchange.bytesSent += chunk.length;
    if (!response.write(chunk)) await drained(response);
  }
  response.end();
}

/** Writes an answer; what the client left unsent of its body is read away so that the connection can be used again. */
export async function sendAnswer(
  exchange: Exchange,
  answer: Answer,
  always: Readonly<Record<string, string>>,
): Promise<void> {
  const { response, incoming } = exchange;
  response.sendDate = false;
  response.writeHead(answer.status, headersToSend(exchange, answer, always));
  if (incoming.method === 'HEAD') response.end();
  else if (answer.stream !== undefined) await sendStream(exchange, answer.stream);
  else {
    exchange.bytesSent += Buffer.byteLength(answer.body ?? '');
    response.end(answer.body);
  }
  if (!incoming.complete) incoming.resume();
}
