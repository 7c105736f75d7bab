import type { Unpacking } from '../../restoration/unpack-engine.ts';
import { carryOut } from './carry-out.ts';
import type { OpenPlan } from './plan-step.ts';
import type { RestorePorts, RestoreRequest } from './request.ts';

/**
 * Carries out the plan, and says what becomes of the target where that stops.
 *
 * @returns bytes that were fetched, those of second tries included
 * @throws BackupError that names what is missing or different
 */
export async function writeStep(
  request: RestoreRequest,
  opened: OpenPlan,
  unpacking: Unpacking,
  ports: RestorePorts,
): Promise<number> {
  try {
    return await carryOut(opened, unpacking, request, ports);
  } catch (error) {
    ports.log.warn({
      kind: 'restore-incomplete',
      message:
        'The restore stopped; files that were complete by then stay in the target, and nothing half-written does.',
      subject: opened.target.path,
    });
    throw error;
  } finally {
    await opened.plan.close();
  }
}
