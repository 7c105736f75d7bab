import type { BatchItem, BuiltFrame, Decision, ReadOutcome } from './batch.ts';

export type WorkerRequest =
  | { readonly kind: 'read'; readonly batch: number; readonly items: readonly BatchItem[] }
  | { readonly kind: 'build'; readonly batch: number; readonly decisions: readonly Decision[] };

export type WorkerReply =
  | { readonly kind: 'read'; readonly batch: number; readonly outcomes: readonly ReadOutcome[] }
  | { readonly kind: 'built'; readonly batch: number; readonly frame: BuiltFrame };
