import { Gate } from './gate.ts';
import { matchesRequest, type RequestFacts } from './match.ts';
import type { FaultAction, FaultReport, FaultScript, RequestMatcher } from './script.ts';

/** One fault that a request has met. */
export interface FiredFault {
  readonly name: string;
  readonly when: 'before' | 'after';
  readonly action: FaultAction | { readonly type: 'gate'; readonly gate: Gate };
}

interface ActiveFault extends FiredFault {
  readonly match: RequestMatcher;
  readonly applies: () => boolean;
  seen: number;
  fired: number;
  remaining: number;
}

const ALWAYS = () => true;

/** The faults that tests script, in the order in which they were added. */
export class FaultRegistry {
  private active: ActiveFault[] = [];

  add(script: FaultScript): void {
    const { action, match = {}, applies = ALWAYS, times = 1, when = 'before', name = action.type } = script;
    this.active.push({ name, when, action, match, applies, seen: 0, fired: 0, remaining: times });
  }

  /** Holds every request that fits until the gate is released. */
  gate(match: RequestMatcher, options: { readonly times?: number; readonly when?: 'before' | 'after' } = {}): Gate {
    const gate = new Gate();
    const { times = Number.POSITIVE_INFINITY, when = 'before' } = options;
    this.active.push({
      name: 'gate',
      when,
      action: { type: 'gate', gate },
      match,
      applies: ALWAYS,
      seen: 0,
      fired: 0,
      remaining: times,
    });
    return gate;
  }

  /** Every fault since the last `clear()`, and how often it fired. */
  report(): FaultReport[] {
    return this.active.map(({ name, fired, remaining }) => ({ name, fired, remaining }));
  }

  /** Names of the faults that no request has met. */
  unfired(): string[] {
    return this.active.filter(({ fired }) => fired === 0).map(({ name }) => name);
  }

  /** Forgets every fault; requests held at a gate go on. */
  clear(): void {
    for (const { action } of this.active) if (action.type === 'gate') action.gate.release();
    this.active = [];
  }

  /** Used by the server: the faults that this request meets, each of them counted down. */
  take(facts: RequestFacts): readonly FiredFault[] {
    return this.active.filter((fault) => {
      if (!matchesRequest(fault.match, facts)) return false;
      fault.seen++;
      if (fault.remaining <= 0 || fault.seen < (fault.match.request ?? 1)) return false;
      if (!fault.applies()) return false;
      fault.remaining--;
      fault.fired++;
      return true;
    });
  }
}
