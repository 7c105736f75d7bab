import { listLines } from '../report/list/log-lines.ts';
import type { Found, ListReport } from '../report/list/types.ts';
import { SeriesKeys } from '../series/keys.ts';
import { commandReport } from './command-report.ts';
import { findChanges } from './list/changes.ts';
import { findEntries } from './list/entries.ts';
import type { ListRequest } from './list/request.ts';
import { findSeries } from './list/series.ts';
import { findVersions } from './list/versions.ts';
import type { CommandPorts } from './ports.ts';

/**
 * Lists what there is. Changes nothing.
 * @throws VersionNotFoundError; BackupError for a version that is damaged
 */
export async function list(request: ListRequest, ports: CommandPorts): Promise<ListReport> {
  const startedMs = ports.monotonicMs();
  const { log } = ports;
  const found = await log.step('List', () => find(request, ports));
  const report = { ...commandReport(request.location, ports, startedMs), ...found };
  for (const line of listLines(report)) log.info(line);
  return report;
}

function find({ location, wanted }: ListRequest, ports: CommandPorts): Promise<Found> {
  if (wanted.kind === 'series') return findSeries(location.prefix, ports);
  const keys = new SeriesKeys(location);
  switch (wanted.kind) {
    case 'versions':
      return findVersions(keys, wanted.details, ports);
    case 'entries':
      return findEntries(keys, wanted.version, ports);
    case 'changes':
      return findChanges(keys, wanted, ports);
  }
}
