import { once } from 'node:events';
import { createServer, type Server } from 'node:net';

/** Finds TCP ports of 127.0.0.1 that are free at the moment. Holds all of them before it frees any, so that they differ. */
export async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(Array.from({ length: count }, listenAnywhere));
  const ports = servers.map(portOf);
  await Promise.all(servers.map((server) => once(server.close(), 'close')));
  return ports;
}

async function listenAnywhere(): Promise<Server> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === 'string') {
    throw new Error(`a TCP server listens at ${address}, not at a port`);
  }
  return address.port;
}
