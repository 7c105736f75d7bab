import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';

/** A hop on the way to a server that can be out of order. */
export interface BrokenHop extends AsyncDisposable {
  readonly url: string;
  /** What clients have sent, dropped or not. */
  readonly bytes: number;
  readonly droppedBytes: number;
  /**
   * From now on it takes every byte and hands none on, and says nothing of it. A connection that has lost bytes never
   * works again; those that are made later do once it is over.
   */
  drop(): void;
  /** From now on it resets every connection, those that are there and those that are made. */
  reset(): void;
  /** From now on it keeps what servers send, and hands it on by {@link handOn} only. */
  holdReplies(): void;
  /** Hands the next byte of each reply that is held on, once there is one. */
  handOn(): Promise<void>;
  /** @param port of the client's end of a connection */
  hasLost(port: number | undefined): boolean;
  /** What is held goes on its way. */
  recover(): void;
}

interface State {
  mode: 'whole' | 'dropping' | 'resetting' | 'holding';
  bytes: number;
  droppedBytes: number;
}

interface Line {
  readonly client: Socket;
  readonly server: Socket;
  isLost: boolean;
  /** Of the server, for the client. */
  held: Buffer;
}

/** @param target URL of the server */
export async function startBrokenHop(target: string): Promise<BrokenHop> {
  const lines = new Set<Line>();
  const state: State = { mode: 'whole', bytes: 0, droppedBytes: 0 };
  const listener = createServer((client) => {
    if (state.mode === 'resetting') {
      client.resetAndDestroy();
      return;
    }
    const line: Line = {
      client,
      server: connect(Number(new URL(target).port), '127.0.0.1'),
      isLost: state.mode === 'dropping',
      held: Buffer.alloc(0),
    };
    lines.add(line);
    join(line, state);
    client.once('close', () => lines.delete(line));
  });
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  const { port } = listener.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    get bytes() {
      return state.bytes;
    },
    get droppedBytes() {
      return state.droppedBytes;
    },
    drop() {
      state.mode = 'dropping';
      for (const line of lines) line.isLost = true;
    },
    reset() {
      state.mode = 'resetting';
      for (const { client } of lines) client.resetAndDestroy();
    },
    holdReplies() {
      state.mode = 'holding';
    },
    async handOn() {
      while ([...lines].every(({ held }) => held.byteLength === 0)) await turn();
      for (const line of lines) release(line, 1);
    },
    hasLost: (port) => [...lines].some(({ client, isLost }) => isLost && client.remotePort === port),
    recover() {
      state.mode = 'whole';
      for (const line of lines) release(line, line.held.byteLength);
    },
    async [Symbol.asyncDispose]() {
      for (const { client, server } of lines) for (const socket of [client, server]) socket.destroy();
      await new Promise((resolve) => listener.close(resolve));
    },
  };
}

function join(line: Line, state: State): void {
  const { client, server } = line;
  // One byte does not wait until the one before it is acknowledged.
  client.setNoDelay(true);
  client.on('data', (bytes) => {
    state.bytes += bytes.byteLength;
    if (line.isLost) state.droppedBytes += bytes.byteLength;
    else server.write(bytes);
  });
  server.on('data', (bytes) => {
    if (line.isLost) return;
    if (state.mode === 'holding') line.held = Buffer.concat([line.held, bytes]);
    else client.write(bytes);
  });
  for (const [one, other] of [
    [client, server],
    [server, client],
  ] as const) {
    one.on('error', () => other.destroy());
    one.once('close', () => other.destroy());
  }
}

function release(line: Line, bytes: number): void {
  if (line.held.byteLength === 0) return;
  line.client.write(line.held.subarray(0, bytes));
  line.held = line.held.subarray(bytes);
}
