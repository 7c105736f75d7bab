import { InputError } from '../../errors.ts';
import { warnOfExpiration } from '../expiration.ts';
import type { CommandPorts } from '../ports.ts';
import { versionTags } from './attributes.ts';
import type { BackupRequest } from './request.ts';

/**
 * Looks whether the bucket can do what is asked of it, and whether a rule of its own will undo it.
 * @throws InputError where versions are to be locked, and the bucket has no Object Lock
 */
export async function lookAtBucket(request: BackupRequest, ports: CommandPorts): Promise<void> {
  await Promise.all([requireObjectLock(request, ports), request.dryRun ? undefined : warnOfRules(request, ports)]);
}

async function requireObjectLock({ lock }: BackupRequest, { store, log }: CommandPorts): Promise<void> {
  if (lock === undefined) return;
  const locking = await store.objectLocking();
  if (locking === 'unknown') log.debug('Whether the bucket has Object Lock may not be asked; the first PUT will tell');
  if (locking !== 'off') return;
  const input = lock.retention === undefined ? 'legal-hold' : 'object-lock-mode';
  throw new InputError(
    input,
    `The input \`${input}\` is set, but the bucket ${JSON.stringify(store.bucket)} has no Object Lock: enable it there (it takes a versioned bucket), or leave the input out.`,
  );
}

async function warnOfRules(request: BackupRequest, ports: CommandPorts): Promise<void> {
  // Whose tags they are is known only with the ID; those of the user and of the run are what rules go by.
  await warnOfExpiration(request.keys, versionTags(request, ports.run, ''), ports);
}
