import type { Claim } from '../../series/claim.ts';
import { isLockFresh } from '../../series/lock.ts';
import { findOpenClaim, type OpenClaim } from '../../series/resume-claim.ts';
import { isEarlierAttempt, isSameJob } from '../../series/same-run.ts';
import type { CommandPorts } from '../ports.ts';
import { formOf } from './attributes.ts';
import type { Catalogue } from './claim.ts';
import { leftClaim } from './claim-note.ts';
import type { BackupRequest } from './request.ts';

/**
 * Looks for an attempt of this very job that was interrupted. What tells that it is over: a lower number of the attempt,
 * which GitHub begins only when the one before has ended; or its note on this runner, whose process is gone. Jobs of a
 * matrix that run beside this one, which have its name and its run, are neither.
 *
 * Sends no request in the first attempt of a job that has left no note.
 */
export async function findAttempt(
  request: BackupRequest,
  catalogue: Catalogue,
  ports: CommandPorts,
): Promise<OpenClaim | undefined> {
  const { store, run, log } = ports;
  if (request.resume !== true || run.runId === '') return undefined;
  const left = await leftClaim(request, ports);
  if (left === undefined && !(Number(run.runAttempt) > 1)) return undefined;
  const form = formOf(request);
  const isOwn = (claim: Claim) =>
    claim.form === form && isSameJob(claim.run, run) && (claim.nonce === left || isEarlierAttempt(claim.run, run));
  const found = await findOpenClaim(store, request.keys, catalogue, isOwn, (key) =>
    log.warn({
      kind: 'claim-unreadable',
      message: 'A claim cannot be read, so what an earlier attempt may have stored under its number is sent again.',
      subject: key,
    }),
  );
  if (found === undefined) return undefined;
  const { number, id, run: earlier } = found.claim;
  const attempt = earlier.runAttempt === '' ? 'An earlier attempt' : `Attempt ${earlier.runAttempt}`;
  log.info(`${attempt} of this job has begun version ${number} and not finished it: ${id}`);
  if (request.lock === undefined || isLockFresh(request.lock, found.version.time, store.now())) return found;
  log.info('Its objects would be locked from that time on, for too short a time: this attempt begins anew');
  return undefined;
}
