import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { ClientRequest } from 'node:http';
import type { Socket } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';
import { expect, jest } from '@jest/globals';
import { S3_IDLE_TIMEOUT_MS } from '../../src/aws/clients.ts';

const CHANNEL = 'http.client.request.start';
/** Turns of the event loop in which all that was sent by loopback arrives. */
const TURNS = 10;
/** The SDK sets the time-out of a socket only after so long. */
const SDK_DEFERS_MS = 3_000;

/** Fakes the timers by which the SDK waits before it minds silence; all else of this process keeps its own. */
export function fakeTimersOfSdk(): void {
  jest.useFakeTimers({
    doNotFake: ['Date', 'hrtime', 'nextTick', 'performance', 'queueMicrotask', 'setImmediate', 'clearImmediate'],
  });
}

/** How long nothing has come or gone on a socket that had moved so many bytes. */
interface Silence {
  readonly bytes: number;
  readonly ms: number;
}

/** The HTTP requests of this process, for a test that lets silence pass without waiting for it. */
export class RequestsInFlight implements Disposable {
  readonly #open = new Set<ClientRequest>();
  readonly #silences = new WeakMap<Socket, Silence>();
  readonly #begun = (message: unknown): void => {
    const { request } = message as { readonly request: ClientRequest };
    this.#open.add(request);
    request.once('close', () => this.#open.delete(request));
  };

  constructor() {
    subscribe(CHANNEL, this.#begun);
  }

  [Symbol.dispose](): void {
    unsubscribe(CHANNEL, this.#begun);
  }

  /** How many are under way. */
  get count(): number {
    return this.#open.size;
  }

  /** Resolves when just so many requests are under way, and all of each has been sent. */
  async sent(requests: number): Promise<void> {
    const isSo = () =>
      this.#open.size === requests && [...this.#open].every(({ writableFinished }) => writableFinished);
    while (!isSo()) await turn();
  }

  /**
   * Does to the requests under way what Node.js does to a socket on which nothing has come or gone for as long as the
   * product bears it. Needs {@link fakeTimersOfSdk}.
   */
  async fallSilent(which: (socket: Socket) => boolean = () => true): Promise<void> {
    for (let left = TURNS; left > 0; left--) await turn();
    jest.advanceTimersByTime(SDK_DEFERS_MS);
    for (const { socket } of [...this.#open]) {
      if (socket === null || !which(socket)) continue;
      expect(socket.timeout).toBe(S3_IDLE_TIMEOUT_MS);
      socket.emit('timeout');
    }
  }

  /** Resolves when a byte has come or gone for each request under way since time last passed. */
  async moved(): Promise<void> {
    const hasMoved = ({ socket }: ClientRequest) =>
      socket !== null && this.#silences.get(socket)?.bytes !== bytesOf(socket);
    while (![...this.#open].every(hasMoved)) await turn();
  }

  /**
   * Lets time pass for the requests under way: for the timers of the product, and for their sockets as Node.js counts it.
   * A byte that has come or gone since the last time ends the silence of its socket; silence for as long as the product
   * bears it is told to the request. Needs {@link fakeTimersOfSdk}.
   */
  async pass(ms: number): Promise<void> {
    for (let left = TURNS; left > 0; left--) await turn();
    jest.advanceTimersByTime(ms);
    for (const { socket } of [...this.#open]) {
      if (socket === null) continue;
      expect(socket.timeout).toBe(S3_IDLE_TIMEOUT_MS);
      const bytes = bytesOf(socket);
      const before = this.#silences.get(socket);
      const silentMs = (before?.bytes === bytes ? before.ms : 0) + ms;
      this.#silences.set(socket, { bytes, ms: silentMs });
      if (silentMs >= S3_IDLE_TIMEOUT_MS) socket.emit('timeout');
    }
  }
}

const bytesOf = ({ bytesRead, bytesWritten }: Socket): number => bytesRead + bytesWritten;
