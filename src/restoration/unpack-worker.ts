/** What runs in a thread of `unpack-engine.ts`: takes slices apart and writes files, one slice after the other. */
import { parentPort } from 'node:worker_threads';
import { BackupError, messageOf } from '../errors.ts';
import type { SentError } from '../pack/batch.ts';
import type { UnpackReply, UnpackRequest } from './unpack-messages.ts';
import { unpackSlice } from './unpack-slice.ts';

parentPort?.on('message', (request: UnpackRequest) => parentPort?.postMessage(answer(request)));

function answer({ id, bytes, writes }: UnpackRequest): UnpackReply {
  try {
    const damage = unpackSlice(bytes, writes);
    return damage === undefined ? { id } : { id, damage: { path: damage.path, problem: damage.problem.message } };
  } catch (error) {
    return { id, error: sendable(error) };
  }
}

function sendable(error: unknown): SentError {
  if (!(error instanceof BackupError)) return { message: messageOf(error), details: { class: 'local' } };
  const { cause: _, ...details } = error.details;
  return { message: error.message, details };
}
