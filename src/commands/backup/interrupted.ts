import { BackupError, isCancelled } from '../../errors.ts';
import type { OwnedClaim } from '../../series/claim-number.ts';
import type { CommandPorts } from '../ports.ts';
import type { BackupRequest } from './request.ts';

/** True where the next attempt of this job would find the claim and go on with it: on services that count attempts. */
function isGoneOnWith({ resume }: BackupRequest, { conditionalWrites }: OwnedClaim, { run }: CommandPorts): boolean {
  return resume === true && run.runId !== '' && /^\d+$/.test(run.runAttempt) && conditionalWrites;
}

/** The error of an attempt that was cancelled, with what comes of it; any other as it is. */
export function withNextAttempt(
  error: unknown,
  request: BackupRequest,
  owned: OwnedClaim,
  ports: CommandPorts,
): unknown {
  if (!isCancelled(error) || !isGoneOnWith(request, owned, ports)) return error;
  const { number } = owned.claim;
  const hint = `Re-run the job: its next attempt goes on with version ${number}, unless that is complete, and sends only what is not stored by now.`;
  return new BackupError(error.message, { ...error.details, hint });
}
