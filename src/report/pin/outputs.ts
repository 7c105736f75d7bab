import { requestCount } from '../outputs.ts';
import type { PinReport } from '../types.ts';
import { pinFacts } from './words.ts';

/** In the order of pin/action.yml. */
export const PIN_OUTPUT_NAMES = ['version', 'version-id', 'changed', 'pin', 'requests', 'duration-ms'] as const;

export function pinOutputs(report: PinReport): Record<(typeof PIN_OUTPUT_NAMES)[number], string> {
  const { version, changed, pin } = report;
  return {
    version: String(version.number),
    'version-id': version.id,
    changed: String(changed),
    pin: pin === undefined ? '' : JSON.stringify(pinFacts(pin)),
    requests: String(requestCount(report.requests)),
    'duration-ms': String(Math.round(report.durationMs)),
  };
}
