import type { PinDocument } from '../../series/pin.ts';
import { timestamp } from '../units.ts';

/** A pin as the outputs show it. */
export interface PinFacts {
  /** Who. */
  readonly by: string;
  /** RFC 3339. */
  readonly time: string;
  readonly reason: string;
  /** Page of the run that set it; empty outside of a workflow. */
  readonly url: string;
}

export function pinFacts({ run, time, reason }: PinDocument): PinFacts {
  return { by: run.actor, time, reason, url: run.url };
}

/** `pinned by octocat on 2026-11-22 13:47:05 UTC: audit`. Hostile text: the edge escapes it. */
export function pinWords(pin: PinFacts | undefined): string {
  if (pin === undefined) return 'pinned';
  const by = pin.by === '' ? '' : ` by ${pin.by}`;
  return `pinned${by} on ${timestamp(new Date(pin.time))}${pin.reason === '' ? '' : `: ${pin.reason}`}`;
}
