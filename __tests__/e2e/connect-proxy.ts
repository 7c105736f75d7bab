import http, { type IncomingMessage } from 'node:http';
import { connect, type Socket } from 'node:net';
import { closeServer, listen } from '../../dev/s3-server/http/lifecycle.ts';

export interface Tunnel {
  /** `host:port` as it was asked for. */
  readonly authority: string;
  readonly headers: IncomingMessage['headers'];
}

/** An https proxy whose tunnels all end at one server, whatever host they are for. */
export interface ConnectProxy {
  readonly url: string;
  readonly tunnels: readonly Tunnel[];
  close(): Promise<void>;
}

/** @param target URL of the server */
export async function startConnectProxy(target: string): Promise<ConnectProxy> {
  const tunnels: Tunnel[] = [];
  const open = new Set<Socket>();
  const { hostname, port } = new URL(target);
  const server = http.createServer((_request, response) => response.writeHead(405).end());
  server.on('connect', (request: IncomingMessage, client: Socket) => {
    tunnels.push({ authority: request.url ?? '', headers: request.headers });
    const upstream = connect(Number(port), hostname, () => client.write('HTTP/1.1 200 Connection Established\r\n\r\n'));
    for (const [socket, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      open.add(socket);
      socket.once('error', () => other.destroy());
      socket.once('close', () => open.delete(socket));
      socket.pipe(other);
    }
  });
  const url = await listen(server, 0, '127.0.0.1');
  return {
    url,
    tunnels,
    async close() {
      for (const socket of open) socket.destroy();
      await closeServer(server);
    },
  };
}
