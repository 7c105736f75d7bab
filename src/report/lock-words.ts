import type { RecordedLock } from '../series/record.ts';
import { listed, timestamp } from './units.ts';

/** `locked until 2026-12-20 03:15:00 UTC (GOVERNANCE) and under legal hold`; empty where nothing holds it. */
export function lockWords({ mode, retainUntil, legalHold }: RecordedLock): string {
  const kind = mode === undefined ? '' : ` (${mode})`;
  return listed([
    ...(retainUntil === undefined ? [] : [`locked until ${timestamp(new Date(retainUntil))}${kind}`]),
    ...(legalHold ? ['under legal hold'] : []),
  ]);
}
