import type { Log, Warning } from '../../../src/log.ts';

export interface RecordedLog extends Log {
  readonly lines: string[];
  readonly warnings: Warning[];
}

/** Keeps what was said, to look at it. */
export function recordingLog(): RecordedLog {
  const lines: string[] = [];
  const warnings: Warning[] = [];
  return {
    lines,
    warnings,
    debug: (message) => void lines.push(message),
    info: (message) => void lines.push(message),
    warn: (warning) => void warnings.push(warning),
    step: (_title, work) => work(),
  };
}
