import { context } from '@actions/github';
import type { Command } from '../commands/command.ts';
import { runCommand } from '../commands/run-command.ts';
import { messageOf } from '../errors.ts';
import type { AccessInputs } from '../inputs/access.ts';
import type { Interruption } from '../interruption.ts';
import { ProblemCollector } from '../report/problems.ts';
import { cancellation } from './cancellation.ts';
import { commandVariables, environmentSecrets, readEnvironment, readRunInfo, runnerFiles } from './environment.ts';
import { fail } from './failure.ts';
import { actionsInputs } from './inputs.ts';
import { ActionsLog } from './log.ts';
import { mask } from './mask.ts';
import { idTokenPort } from './oidc.ts';
import { setOutputs, writeSummary } from './outputs.ts';

/** A step of a workflow: reads its inputs, runs the command, reports. Never throws; a failure fails the step. */
export async function runAction<Inputs extends AccessInputs, Report>(command: Command<Inputs, Report>): Promise<void> {
  const problems = new ProblemCollector();
  const log = new ActionsLog(problems);
  const cancelled = cancellation();
  try {
    environmentSecrets().forEach(mask);
    const report = await runStep(command, problems, log, cancelled);
    if (report !== undefined) await publish(command, report, log);
    const failure = report && command.failure?.(report);
    if (failure !== undefined) fail(failure);
  } catch (error) {
    fail(error);
  } finally {
    log.flush();
    cancelled.leave();
  }
}

async function runStep<Inputs extends AccessInputs, Report>(
  command: Command<Inputs, Report>,
  problems: ProblemCollector,
  log: ActionsLog,
  { signal }: Interruption,
): Promise<Report | undefined> {
  const environment = readEnvironment();
  const run = readRunInfo(context);
  const inputs = command.parse(actionsInputs, { ...run, workspace: environment.workspace });
  return runCommand(command, inputs, {
    log,
    problems,
    signal,
    run,
    temporaryDirectory: environment.temporaryDirectory,
    runnerFiles: runnerFiles(),
    producers: { variables: commandVariables(), stdin: () => process.stdin },
    proxy: environment.proxy,
    getIdToken: idTokenPort(environment).getIdToken,
    onSecret: mask,
  });
}

/** A summary that cannot be written is no reason to fail a command that did its work. */
async function publish<Inputs extends AccessInputs, Report>(
  command: Command<Inputs, Report>,
  report: Report,
  log: ActionsLog,
): Promise<void> {
  setOutputs(command.outputs(report));
  try {
    await writeSummary(command.summary(report));
  } catch (error) {
    log.warn({ kind: 'no-summary', message: 'The job summary could not be written.', subject: messageOf(error) });
  }
}
