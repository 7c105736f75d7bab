import type { Command } from '../commands/command.ts';
import { type Edge, runCommand } from '../commands/run-command.ts';
import { messageOf } from '../errors.ts';
import type { AccessInputs } from '../inputs/access.ts';
import { renderFailureSummary } from '../report/failure-summary.ts';
import { ProblemCollector } from '../report/problems.ts';
import { cancellation } from './cancellation.ts';
import { environmentSecrets, readEnvironment, readWorkflowRun } from './environment.ts';
import { fail } from './failure.ts';
import { actionsInputs } from './inputs.ts';
import { ActionsLog } from './log.ts';
import { mask, masked } from './mask.ts';
import { setOutputs, writeSummary } from './outputs.ts';
import { runnerEdge } from './runner-edge.ts';
import { StepState } from './state.ts';

/**
 * A step of a workflow: reads its inputs, runs the command, reports. Never throws; a failure fails the step. What it saves
 * as state tells the post phase whether it came to its end.
 */
export async function runAction<Inputs extends AccessInputs, Report>(command: Command<Inputs, Report>): Promise<void> {
  const problems = new ProblemCollector();
  const log = new ActionsLog(problems);
  const cancelled = cancellation(command.name, (reason) => {
    fail(reason);
    log.flush();
  });
  const state = new StepState();
  try {
    environmentSecrets().forEach(mask);
    const { signal } = cancelled;
    const report = await runStep(command, { problems, log, signal, onStage: state.reached });
    if (report !== undefined) await publish(command, report, log);
    const failure = report && command.failure?.(report);
    if (failure !== undefined) fail(failure);
  } catch (error) {
    fail(error);
    await summarize(renderFailureSummary(command.name, error, problems.list(), masked), log);
  } finally {
    log.flush();
    state.ended();
    cancelled.leave();
  }
}

async function runStep<Inputs extends AccessInputs, Report>(
  command: Command<Inputs, Report>,
  step: Pick<Edge, 'log' | 'problems' | 'signal' | 'onStage'>,
): Promise<Report | undefined> {
  const environment = readEnvironment();
  const run = readWorkflowRun();
  const inputs = command.parse(actionsInputs, { ...run, workspace: environment.workspace });
  return runCommand(command, inputs, { ...runnerEdge(environment, run), ...step });
}

async function publish<Inputs extends AccessInputs, Report>(
  command: Command<Inputs, Report>,
  report: Report,
  log: ActionsLog,
): Promise<void> {
  setOutputs(command.outputs(report));
  await summarize(command.summary(report), log);
}

/** A summary that cannot be written is no reason to fail a command that did its work. */
async function summarize(markdown: string, log: ActionsLog): Promise<void> {
  try {
    await writeSummary(markdown);
  } catch (error) {
    log.warn({ kind: 'no-summary', message: 'The job summary could not be written.', reason: messageOf(error) });
  }
}
