import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

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
  /** @param port of the client's end of a connection */
  hasLost(port: number | undefined): boolean;
  recover(): void;
}

interface State {
  mode: 'whole' | 'dropping' | 'resetting';
  bytes: number;
  droppedBytes: number;
}

interface Line {
  readonly client: Socket;
  readonly server: Socket;
  isLost: boolean;
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
    const line = {
      client,
      server: connect(Number(new URL(target).port), '127.0.0.1'),
      isLost: state.mode === 'dropping',
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
    hasLost: (port) => [...lines].some(({ client, isLost }) => isLost && client.remotePort === port),
    recover() {
      state.mode = 'whole';
    },
    async [Symbol.asyncDispose]() {
      for (const { client, server } of lines) for (const socket of [client, server]) socket.destroy();
      await new Promise((resolve) => listener.close(resolve));
    },
  };
}

function join(line: Line, state: State): void {
  const { client, server } = line;
  client.on('data', (bytes) => {
    state.bytes += bytes.byteLength;
    if (line.isLost) state.droppedBytes += bytes.byteLength;
    else server.write(bytes);
  });
  server.on('data', (bytes) => void (line.isLost || client.write(bytes)));
  for (const [one, other] of [
    [client, server],
    [server, client],
  ] as const) {
    one.on('error', () => other.destroy());
    one.once('close', () => other.destroy());
  }
}
