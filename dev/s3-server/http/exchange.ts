import type { IncomingMessage, ServerResponse } from 'node:http';
import { ConnectionFault, faultOfType } from '../faults/perform.ts';
import type { FiredFault } from '../faults/registry.ts';

const DRAIN_LIMIT_BYTES = 1024 * 1024;

/** One request and its response on the wire: the body with its counting and its scripted mishaps. */
export class Exchange {
  readonly incoming: IncomingMessage;
  readonly response: ServerResponse;
  /** Set once the request has been matched with what was scripted for it. */
  faults: readonly FiredFault[] = [];
  bytesReceived = 0;
  bytesSent = 0;
  private readonly expectsContinue: boolean;
  private bodyTaken = false;

  constructor(incoming: IncomingMessage, response: ServerResponse, expectsContinue: boolean) {
    this.incoming = incoming;
    this.response = response;
    this.expectsContinue = expectsContinue;
  }

  body(): AsyncIterable<Uint8Array> {
    this.bodyTaken = true;
    if (this.expectsContinue && faultOfType(this.faults, 'noContinue') === undefined) this.response.writeContinue();
    return this.pieces();
  }

  private async *pieces(): AsyncGenerator<Uint8Array> {
    const cut = faultOfType(this.faults, 'cutRequest')?.afterBytes ?? Number.POSITIVE_INFINITY;
    try {
      // an iteration that ends early must not take the connection down: the error still has to be answered
      for await (const chunk of this.incoming.iterator({ destroyOnReturn: false })) {
        this.bytesReceived += chunk.length;
        if (this.bytesReceived >= cut) break;
        yield chunk;
      }
    } catch {
      throw new ConnectionFault('reset'); // the client went away
    }
    if (this.bytesReceived >= cut) throw new ConnectionFault('reset');
  }

  /** Whether what is left of the request's body is worth reading for the sake of the connection. */
  get reusable(): boolean {
    if (this.incoming.complete) return true;
    if (this.expectsContinue && !this.bodyTaken) return false;
    return Number(this.incoming.headers['content-length'] ?? Number.POSITIVE_INFINITY) <= DRAIN_LIMIT_BYTES;
  }

  /** Ends the connection without an answer, as a crash or a middlebox would. */
  breakOff({ kind }: ConnectionFault): void {
    const { socket } = this.incoming;
    if (kind === 'reset') socket.resetAndDestroy();
    if (kind === 'close') socket.destroySoon();
  }
}
