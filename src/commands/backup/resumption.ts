import type { OwnedClaim } from '../../series/claim-number.ts';
import { EarlierAttempts } from '../../transfer/earlier-attempts.ts';
import type { CommandPorts } from '../ports.ts';
import { removeClaimNote } from './claim-note.ts';
import type { BackupRequest } from './request.ts';
import type { Resumption } from './upload.ts';

/** Looks what earlier attempts have stored. @returns undefined for the first attempt at a version */
export async function openResumption(
  { keys }: BackupRequest,
  { claim: { id }, resumed }: OwnedClaim,
  { store, log, temporaryDirectory: directory }: CommandPorts,
): Promise<(Resumption & AsyncDisposable) | undefined> {
  if (resumed === undefined) return undefined;
  const earlier = await log.step('Look what the attempt before has stored', () =>
    EarlierAttempts.read(store, { keys, id, directory, log }),
  );
  return { turn: resumed.turn, earlier, [Symbol.asyncDispose]: () => earlier.close() };
}

/** Once the version is there, nobody goes on with what is left of earlier attempts. Never throws. */
export async function tidyUp(request: BackupRequest, resumption: Resumption | undefined, ports: CommandPorts) {
  await resumption?.earlier.abortRest();
  await removeClaimNote(request, ports);
}
