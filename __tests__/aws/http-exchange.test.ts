import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { once } from 'node:events';
import http, { type ClientRequest } from 'node:http';
import { createServer, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, it } from '@jest/globals';
import { exchange, type WireRequest } from '../../src/aws/http-exchange.ts';
import { createAgents } from '../../src/aws/proxy.ts';
import { serve } from './support/http-server.ts';

const MIB = 1024 * 1024;
const NEVER = new AbortController().signal;

const used: ReturnType<typeof createAgents>[] = [];
afterEach(() => {
  for (const { httpAgent } of used.splice(0)) httpAgent.destroy();
});

function agentsFor(url: URL) {
  const agents = createAgents(url, {}, 1);
  used.push(agents);
  return agents;
}

const put = (body: Uint8Array): WireRequest => ({
  method: 'PUT',
  path: '/bucket/key?partNumber=1',
  headers: { host: 'somewhere', 'content-length': String(body.byteLength) },
  body,
  idleTimeoutMs: 60_000,
});

describe('exchange', () => {
  it('sends a body of any size as it is, by one connection that is used again', async () => {
    const ports = new Set<number | undefined>();
    const server = await serve(
      () => ({ status: 200, body: 'done' }),
      (it) => it.on('request', ({ socket }) => ports.add(socket.remotePort)),
    );
    const agents = agentsFor(server.url);
    for (const size of [0, 1, MIB, 3 * MIB + 1]) {
      const reply = await exchange(server.url, agents, put(Buffer.alloc(size, 'x')), NEVER);
      expect([reply.statusCode, await text(reply)]).toEqual([200, 'done']);
    }
    expect(server.seen.map(({ method, url, body }) => [method, url, body.length])).toEqual(
      [0, 1, MIB, 3 * MIB + 1].map((size) => ['PUT', '/bucket/key?partNumber=1', size]),
    );
    expect(server.seen[0]?.headers.host).toBe('somewhere');
    expect(ports.size).toBe(1);
  });

  it('takes a refusal that comes before the whole body is out, and gives up the connection', async () => {
    const closed = Promise.withResolvers<void>();
    const server = http.createServer((request, response) => {
      request.socket.once('close', () => closed.resolve());
      response.writeHead(403, { 'content-length': 6 }).end('denied');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const url = new URL(`http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`);
    const reply = await exchange(url, agentsFor(url), put(Buffer.alloc(64 * MIB)), NEVER);
    expect([reply.statusCode, await text(reply)]).toEqual([403, 'denied']);
    await closed.promise;
    await new Promise((resolve) => server.close(resolve));
  });

  it('is ended by the signal while it waits for the reply', async () => {
    const came = Promise.withResolvers<void>();
    const server = await serve(
      () => ({ status: 200 }),
      (it) => it.removeAllListeners('request').on('request', () => came.resolve()),
    );
    const controller = new AbortController();
    const pending = exchange(server.url, agentsFor(server.url), put(Buffer.from('x')), controller.signal);
    await came.promise;
    const reason = new Error('cancelled');
    controller.abort(reason);
    await expect(pending).rejects.toBe(reason);
    await expect(exchange(server.url, agentsFor(server.url), put(Buffer.from('x')), controller.signal)).rejects.toBe(
      reason,
    );
  });

  it('is ended by the signal while the reply comes in', async () => {
    const server = await serve(
      () => ({ status: 200 }),
      (it) =>
        it.removeAllListeners('request').on('request', (_request, response) => {
          response.writeHead(200, { 'content-length': 10 });
          response.write('12345');
        }),
    );
    const controller = new AbortController();
    const reply = await exchange(server.url, agentsFor(server.url), put(Buffer.from('x')), controller.signal);
    controller.abort(new Error('cancelled'));
    await expect(text(reply)).rejects.toThrow();
  });

  it('waits for a silent server no longer than it was told', async () => {
    const server = await serve(
      () => ({ status: 200 }),
      (it) => it.removeAllListeners('request').on('request', () => {}),
    );
    const request = { ...put(Buffer.from('x')), idleTimeoutMs: 50 };
    await expect(exchange(server.url, agentsFor(server.url), request, NEVER)).rejects.toMatchObject({
      name: 'TimeoutError',
      message: 'silence within 50 ms',
    });
  });

  it('minds silence while the body is sent as well as after it', async () => {
    const begun: ClientRequest[] = [];
    const note = (message: unknown) => void begun.push((message as { readonly request: ClientRequest }).request);
    subscribe('http.client.request.created', note);
    const taken = Promise.withResolvers<Socket>();
    const server = createServer((socket) => taken.resolve(socket.pause()));
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const address = server.address();
    const url = new URL(`http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`);
    const request = { ...put(Buffer.alloc(64 * MIB)), idleTimeoutMs: 200 };
    await expect(exchange(url, agentsFor(url), request, NEVER)).rejects.toMatchObject({ name: 'TimeoutError' });
    expect(begun.map(({ socket }) => socket?.timeout)).toEqual([100]);
    unsubscribe('http.client.request.created', note);
    (await taken.promise).destroy();
    server.close();
  });

  it('tells of a server that is not there, and of one that hangs up', async () => {
    const nobody = new URL('http://127.0.0.1:1');
    await expect(exchange(nobody, agentsFor(nobody), put(Buffer.from('x')), NEVER)).rejects.toMatchObject({
      code: 'ECONNREFUSED',
    });
    const server = await serve(
      () => ({ status: 200 }),
      (it) => it.removeAllListeners('request').on('request', ({ socket }) => socket.destroy()),
    );
    await expect(exchange(server.url, agentsFor(server.url), put(Buffer.from('x')), NEVER)).rejects.toMatchObject({
      code: 'ECONNRESET',
    });
  });
});
