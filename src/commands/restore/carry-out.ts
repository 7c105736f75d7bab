import { finishRestore } from '../../restoration/finish.ts';
import type { Unpacking } from '../../restoration/unpack-engine.ts';
import { writePlan } from '../../restoration/write-plan.ts';
import { lanesForReading } from '../../transfer/read-object.ts';
import { ProgressReporter } from '../progress-reporter.ts';
import type { OpenPlan } from './plan-step.ts';
import type { RestorePorts, RestoreRequest } from './request.ts';

/**
 * Fetches and writes what is planned, and looks at the result. The plan stays open.
 *
 * @returns bytes that were fetched, those of second tries included
 * @throws BackupError that names what is missing or different
 */
export async function carryOut(
  { plan, target, objects }: OpenPlan,
  unpacking: Unpacking,
  { keys, maxMemory }: Pick<RestoreRequest, 'keys' | 'maxMemory'>,
  ports: RestorePorts,
): Promise<number> {
  const { reader: store, signal, log } = ports;
  const progress = new ProgressReporter(plan.toFetch, ports);
  const lanes = lanesForReading(ports.pace, maxMemory);
  await writePlan(plan, {
    target,
    keys,
    read: { store, signal, lanes, onReceived: (bytes) => progress.addBytes(bytes) },
    unpacking,
    log,
    isOwn: (key) => objects.isOwn(key),
    packBytes: (key) => objects.pack(key)?.bytes ?? 0,
    onFile: () => progress.addFile(),
  });
  await finishRestore(plan, target);
  return progress.done.bytes;
}
