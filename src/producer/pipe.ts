import type { Readable } from 'node:stream';
import { readFailure } from './failure.ts';
import type { Producer } from './types.ts';

/** What comes through a pipe. Whether the program at its other end did well nobody here can know. */
export function pipeProducer(stdin: Readable, signal: AbortSignal): Producer {
  const stop = async () => {
    stdin.destroy();
  };
  signal.addEventListener('abort', stop, { once: true });
  return {
    bytes: bytesOf(stdin, signal),
    async finish() {
      signal.removeEventListener('abort', stop);
      signal.throwIfAborted();
    },
    stop,
  };
}

async function* bytesOf(stdin: Readable, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  signal.throwIfAborted();
  try {
    yield* stdin;
  } catch (error) {
    signal.throwIfAborted();
    throw readFailure(error, true);
  }
  signal.throwIfAborted();
}
