import { pruneCommandLines } from '../report/prune/log-lines.ts';
import type { PruneCommandReport, PruneReport } from '../report/types.ts';
import { count } from '../report/units.ts';
import { listClaims, listPins, listVersions } from '../series/catalogue.ts';
import { commandReport } from './command-report.ts';
import { warnOfNoSeries } from './no-series.ts';
import type { CommandPorts } from './ports.ts';
import { applyPolicy } from './prune/apply.ts';
import { previewPolicy } from './prune/preview.ts';
import type { PruneRequest } from './prune/request.ts';

/** What a prune by itself is asked to do. */
export interface PruneTask extends PruneRequest {
  readonly dryRun: boolean;
}

/**
 * Applies the policy to a series and cleans up after killed runs. It takes no number and writes nothing.
 * @returns what was done, or in a dry run would be; a delete that failed is the report's `prune.failure`
 */
export async function prune(task: PruneTask, ports: CommandPorts): Promise<PruneCommandReport> {
  const startedMs = ports.monotonicMs();
  const { log } = ports;
  const outcome = task.dryRun
    ? await log.step('Plan the prune', () => preview(task, ports))
    : await log.step('Prune', () => applyPolicy(task, ports));
  if (await isMissing(task, outcome, ports)) warnOfNoSeries(task.keys.location, ports);
  const report = {
    ...commandReport(task.keys.location, ports, startedMs),
    dryRun: task.dryRun,
    prune: outcome,
  };
  for (const line of pruneCommandLines(report)) log.info(line);
  return report;
}

/** Asks the store only where no version is left and nothing was cleaned up. */
async function isMissing({ keys }: PruneTask, outcome: PruneReport, { store }: CommandPorts): Promise<boolean> {
  if (outcome.decisions.length + outcome.abandoned.length > 0) return false;
  return (await listClaims(store, keys)).length === 0;
}

async function preview(task: PruneTask, ports: CommandPorts): Promise<PruneReport> {
  const { store, log } = ports;
  const [versions, pins] = await Promise.all([listVersions(store, task.keys), listPins(store, task.keys)]);
  log.info(`The series ${task.keys.location.series} has ${count(versions.length, 'version')}`);
  return previewPolicy(task, versions, pins, ports, { sweepsUploads: true });
}
