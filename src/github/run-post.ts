import { afterKill, committedBeforeKill } from '../commands/backup/after-kill.ts';
import { type Edge, runCommand } from '../commands/run-command.ts';
import { messageOf } from '../errors.ts';
import { ProblemCollector } from '../report/problems.ts';
import { cancellation } from './cancellation.ts';
import { environmentSecrets, readEnvironment, readWorkflowRun } from './environment.ts';
import { actionsInputs } from './inputs.ts';
import { ActionsLog } from './log.ts';
import { mask } from './mask.ts';
import { runnerEdge } from './runner-edge.ts';
import { type KilledAt, killedAtWork } from './state.ts';

/**
 * The post phase of the backup: nothing at all, unless the main phase was killed in the middle of its work. Never throws,
 * and never fails the job: what goes wrong is a warning.
 */
export async function runPost(): Promise<void> {
  const killed = killedAtWork();
  if (killed === undefined) return;
  const problems = new ProblemCollector();
  const log = new ActionsLog(problems);
  const failed = (error: unknown) => {
    const message = 'What the killed step has left could not be cleaned up; a later prune does it.';
    log.warn({ kind: 'post-failed', message, reason: messageOf(error) });
    log.flush();
  };
  const cancelled = cancellation('post', failed);
  try {
    environmentSecrets().forEach(mask);
    if (killed.stage === 'committed') log.info(committedBeforeKill(killed.id));
    else await followUncommitted(killed, { log, problems, signal: cancelled.signal });
    log.flush();
  } catch (error) {
    failed(error);
  } finally {
    cancelled.leave();
  }
}

/** Where another attempt goes on with it nothing is asked of the store, not even whether the record has come in. */
async function followUncommitted(killed: KilledAt, step: Pick<Edge, 'log' | 'problems' | 'signal'>): Promise<void> {
  const environment = readEnvironment();
  const run = readWorkflowRun();
  const command = afterKill(killed.id);
  const inputs = command.parse(actionsInputs, { ...run, workspace: environment.workspace });
  if (inputs.resume) step.log.info(kept(killed));
  else await runCommand(command, inputs, { ...runnerEdge(environment, run), ...step });
}

function kept({ id, stage }: KilledAt): string {
  const when = stage === 'committing' ? ` while it committed ${id}. If the version is listed, it is whole. If not` : '';
  return (
    `The step was killed${when}: what it has stored of ${id}, parts of open uploads included, is kept for its next attempt ` +
    '(re-run the job). A prune removes it after `abandoned-after`; where none runs, a lifecycle rule of the bucket that ' +
    'aborts incomplete multipart uploads ends what is left of them.'
  );
}
