/** What runs in a thread of {@link WorkerEngine}: a {@link BatchBuilder} that is spoken to by messages. */
import { parentPort, workerData } from 'node:worker_threads';
import type { BuiltFrame } from './batch.ts';
import { BatchBuilder } from './batch-builder.ts';
import type { WorkerReply, WorkerRequest } from './worker-messages.ts';

const builder = new BatchBuilder(workerData);

parentPort?.on('message', (request: WorkerRequest) => {
  if (request.kind === 'read') {
    post({ kind: 'read', batch: request.batch, outcomes: builder.read(request.batch, request.items) });
  } else {
    const frame = builder.build(request.batch, request.decisions);
    post({ kind: 'built', batch: request.batch, frame }, transferable(frame));
  }
});

function post(reply: WorkerReply, transfer: readonly ArrayBuffer[] = []): void {
  parentPort?.postMessage(reply, transfer);
}

/** Handed over instead of copied. What is small may lie in the pool of Node's buffers, which has to stay. */
function transferable({ bytes: { buffer, byteLength } }: BuiltFrame): ArrayBuffer[] {
  return buffer instanceof ArrayBuffer && byteLength > Buffer.poolSize ? [buffer] : [];
}
