import { isClass, messageOf } from '../../errors.ts';
import type { Log } from '../../log.ts';
import type { PruneReport } from '../../report/types.ts';
import { hasRules } from '../../retention/rules.ts';
import type { VersionFacts } from '../../retention/types.ts';
import type { OwnedClaim } from '../../series/claim-number.ts';
import type { CommandPorts } from '../ports.ts';
import { applyPolicy, noPrune } from '../prune/apply.ts';
import { type Further, previewPolicy } from '../prune/preview.ts';
import type { Catalogue } from './claim.ts';
import type { Committed } from './commit.ts';
import type { BackupRequest } from './request.ts';

/** The backup is good by now: what goes wrong here is a warning, and `failed` in the report. */
export async function pruneStep(
  request: BackupRequest,
  versions: readonly VersionFacts[],
  { key: claim }: OwnedClaim,
  { stored: record }: Committed,
  ports: CommandPorts,
): Promise<PruneReport> {
  if (!hasRules(request.retention.policy)) return noPrune(versions);
  let isForUser = false;
  const report = await ports.log.step('Prune', async () => {
    try {
      return await applyPolicy(request, ports, { claim, record });
    } catch (error) {
      isForUser = isClass(error, 'input');
      return { ...noPrune(versions), outcome: 'failed' as const, failure: messageOf(error) };
    }
  });
  if (ports.signal.aborted && report.outcome === 'failed') ports.log.warn(CUT_SHORT);
  else warnOfPrune(report, isForUser, ports.log);
  return report;
}

const CUT_SHORT = {
  kind: 'prune-cut-short',
  message: 'The backup is complete, but the prune after it was cut short; the next one carries on.',
};

/** @param isForUser whether every prune fails so until an input is corrected */
function warnOfPrune({ failure, stopped }: PruneReport, isForUser: boolean, log: Log): void {
  if (failure === undefined) return;
  const [kind, what] = stopped
    ? ['prune-stopped', 'was stopped before it deleted anything']
    : isForUser
      ? [
          'prune-refused',
          'was refused before it deleted anything, as the next ones will be until the input is corrected',
        ]
      : ['prune-failed', 'failed; the next one tries again'];
  const message = `The backup is complete, but the prune after it ${what}.`;
  log.warn({ kind, message, reason: failure });
}

/**
 * The plan of the prune that would follow.
 *
 * @param planned the version that the backup would make, which is among `versions`, and its base
 */
export async function previewStep(
  request: BackupRequest,
  versions: readonly VersionFacts[],
  planned: Pick<Further, 'planned' | 'base'>,
  { pins }: Catalogue,
  ports: CommandPorts,
): Promise<PruneReport> {
  if (!hasRules(request.retention.policy)) return noPrune(versions);
  const { log } = ports;
  const prune = await log.step('Plan the prune', () => previewPolicy(request, versions, pins, ports, planned));
  if (prune.failure !== undefined) {
    const reason = prune.failure;
    log.warn({ kind: 'prune-stopped', message: 'The prune after such a backup would be stopped.', reason });
  }
  return prune;
}
