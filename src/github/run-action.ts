import { randomBytes } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import type { Command } from '../commands/command.ts';
import { messageOf } from '../errors.ts';
import type { AccessInputs } from '../inputs/access.ts';
import { ProblemCollector } from '../report/problems.ts';
import { openStore } from '../store/open-store.ts';
import { TOOL } from '../tool.ts';
import { type Cancellation, cancellation } from './cancellation.ts';
import { environmentSecrets, readEnvironment, readRunInfo, runnerFiles } from './environment.ts';
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
    const report = await runCommand(command, problems, log, cancelled);
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

async function runCommand<Inputs extends AccessInputs, Report>(
  command: Command<Inputs, Report>,
  problems: ProblemCollector,
  log: ActionsLog,
  { signal }: Cancellation,
): Promise<Report | undefined> {
  const environment = readEnvironment();
  const run = readRunInfo();
  const inputs = command.parse(actionsInputs, { workspace: environment.workspace, repository: run.repository });
  for (const note of inputs.notes) log.warn(note);

  const sleep = (ms: number) => wait(ms, undefined, { signal }).catch(() => signal.throwIfAborted());
  const retry = { sleep, random: Math.random };
  const { store, meter, region, isAmazon } = await openStore(inputs.store, inputs.credentials, {
    network: { proxy: environment.proxy, userAgent: TOOL },
    getIdToken: idTokenPort(environment).getIdToken,
    run,
    features: command.features(inputs),
    concurrency: command.concurrency(inputs),
    signal,
    retry,
    log,
  });
  const { endpoint } = inputs.store;
  return command.run(inputs, {
    ...retry,
    store,
    log,
    signal,
    run,
    temporaryDirectory: environment.temporaryDirectory,
    runnerFiles: runnerFiles(),
    nonce: () => randomBytes(16).toString('hex'),
    monotonicMs: () => performance.now(),
    requests: () => meter.counts(),
    problems: () => problems.list(),
    conditionalWritesKnown: isAmazon,
    tool: TOOL,
    place: { region, ...(endpoint && { endpoint }) },
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
