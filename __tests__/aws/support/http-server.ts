import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { afterEach } from '@jest/globals';

export interface SeenRequest {
  readonly method: string;
  /** As sent: with a host when it came to a proxy. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

export interface Reply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface TestServer {
  readonly url: URL;
  readonly seen: readonly SeenRequest[];
}

const closers: (() => Promise<void>)[] = [];

afterEach(async () => {
  await Promise.all(closers.splice(0).map((close) => close()));
});

/** A real HTTP server for one test; closed after it. */
export async function serve(
  reply: (request: SeenRequest, number: number) => Reply,
  configure: (server: ReturnType<typeof createServer>) => void = () => {},
): Promise<TestServer> {
  const seen: SeenRequest[] = [];
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const { method = '', url = '', headers } = request;
    seen.push({ method, url, headers, body: (await buffer(request)).toString() });
    const { status, headers: extra, body = '' } = reply(seen[seen.length - 1] as SeenRequest, seen.length);
    response.writeHead(status, extra).end(method === 'HEAD' ? undefined : body);
  };
  const server = createServer((request, response) => void answer(request, response));
  configure(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(async () => {
    const closed = new Promise((resolve) => server.close(resolve));
    server.closeAllConnections();
    await closed;
  });
  return { url: new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`), seen };
}

/** An S3 error reply. */
export function s3Error(status: number, code: string, message = '', headers: Record<string, string> = {}): Reply {
  const body = `<?xml version="1.0"?><Error><Code>${code}</Code><Message>${message}</Message><RequestId>REQ1</RequestId></Error>`;
  return { status, headers: { 'content-type': 'application/xml', ...headers }, body };
}
