import type { SentError } from '../pack/batch.ts';
import type { PackedWrite } from './unpack-slice.ts';

/** What a thread is asked. */
export interface UnpackRequest {
  /** Of the caller's, to tell the answers apart. */
  readonly id: number;
  /** Of a slice, as stored. */
  readonly bytes: Uint8Array;
  readonly writes: readonly PackedWrite[];
}

/** Neither field: all is written. */
export interface UnpackReply {
  readonly id: number;
  /** The slice is damaged, and nothing of it was written; which entry, and what is wrong. */
  readonly damage?: { readonly path: string; readonly problem: string };
  readonly error?: SentError;
}
