import { pinLines } from '../report/pin/log-lines.ts';
import type { PinReport } from '../report/types.ts';
import type { VersionFacts } from '../retention/types.ts';
import type { SeriesKeys } from '../series/keys.ts';
import { resolveVersion } from '../series/resolve-version.ts';
import { type PinChange, removePin, setPin } from '../series/set-pin.ts';
import { commandReport } from './command-report.ts';
import type { CommandPorts } from './ports.ts';

/** Which version is to be pinned or unpinned: parsed, checked, complete. */
export interface PinRequest {
  readonly keys: SeriesKeys;
  /** See `parseVersionSelector`. */
  readonly version: string;
  readonly state: 'pinned' | 'unpinned';
  /** May be empty. */
  readonly reason: string;
}

/**
 * Pins a version, so that no policy ever removes it, or takes the pin away.
 * @throws VersionNotFoundError; BackupError where the pin could not be set or deleted
 */
export async function pin(request: PinRequest, ports: CommandPorts): Promise<PinReport> {
  const startedMs = ports.monotonicMs();
  const { keys, state } = request;
  const { log } = ports;
  const { version } = await log.step('Find the version', () =>
    resolveVersion(ports.store, keys, request.version, (warning) => log.warn(warning)),
  );
  const change = await log.step(state === 'pinned' ? 'Pin' : 'Unpin', () => changePin(request, version, ports));
  const report = { ...commandReport(keys.location, ports, startedMs), state, version, ...change };
  for (const line of pinLines(report)) log.info(line);
  return report;
}

function changePin(
  { keys, state, reason }: PinRequest,
  version: VersionFacts,
  ports: CommandPorts,
): Promise<PinChange> {
  const { store, run } = ports;
  return state === 'pinned' ? setPin(store, keys, version, { run, reason }, ports) : removePin(store, keys, version);
}
