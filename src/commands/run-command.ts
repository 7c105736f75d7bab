import { randomBytes } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import type { GetIdToken } from '../aws/assume-role.ts';
import type { ProxySettings } from '../aws/proxy.ts';
import { boundHeap } from '../heap.ts';
import type { AccessInputs } from '../inputs/access.ts';
import { explainLackOfMemory } from '../out-of-memory.ts';
import { checkProducer, type ProducerPorts, startProducer } from '../producer/start.ts';
import type { ProblemCollector } from '../report/problems.ts';
import { openStore } from '../store/open-store.ts';
import { TOOL } from '../tool.ts';
import type { Command } from './command.ts';
import type { CommandPorts } from './ports.ts';
import { RunDirectory } from './run-directory.ts';

/** What the runner and a terminal have each of their own. */
export interface Edge
  extends Pick<CommandPorts, 'log' | 'signal' | 'run' | 'lastingDirectory' | 'runnerFiles' | 'onStage'> {
  /** For commands whose output is stored. */
  readonly producers: Pick<ProducerPorts, 'variables' | 'stdin'>;
  /** What `log` collected. */
  readonly problems: ProblemCollector;
  /** May hold a password: never log it. */
  readonly proxy: ProxySettings;
  readonly getIdToken: GetIdToken;
  /** Told every secret key and session token, to keep them out of logs. */
  readonly onSecret: (value: string) => void;
}

/**
 * Opens the store and runs a command on it.
 * @returns undefined where there was nothing to do and nothing to report
 * @throws BackupError
 */
export async function runCommand<Inputs extends AccessInputs, Report>(
  command: Command<Inputs, Report>,
  inputs: Inputs,
  edge: Edge,
): Promise<Report | undefined> {
  const { log, signal, run, problems, proxy, getIdToken, onSecret } = edge;
  for (const note of inputs.notes) log.warn(note);
  const sleep = (ms: number) => wait(ms, undefined, { signal }).catch(() => signal.throwIfAborted());
  const retry = { sleep, random: Math.random, monotonicMs: () => performance.now(), retryForMs: inputs.retryForMs };
  const { store, meter, pace, region, isAmazon } = await openStore(inputs.store, inputs.credentials, {
    network: { proxy, userAgent: TOOL },
    getIdToken,
    onSecret,
    run,
    features: command.features(inputs),
    concurrency: command.concurrency(inputs),
    signal,
    retry,
    log,
  });
  const { endpoint } = inputs.store;
  boundHeap();
  await using temporary = await RunDirectory.create(edge.lastingDirectory, log);
  const ports: CommandPorts = {
    ...retry,
    store,
    pace,
    log,
    signal,
    run,
    temporaryDirectory: temporary.path,
    lastingDirectory: edge.lastingDirectory,
    runnerFiles: edge.runnerFiles,
    checkProducer: (source) => checkProducer(source, edge.producers),
    produce: (source, signal) => startProducer(source, { ...edge.producers, log, signal }),
    ...(edge.onStage && { onStage: edge.onStage }),
    nonce: () => randomBytes(16).toString('hex'),
    requests: () => meter.counts(),
    problems: () => problems.list(),
    conditionalWritesKnown: isAmazon,
    tool: TOOL,
    place: { region, ...(endpoint && { endpoint }) },
  };
  try {
    return await command.run(inputs, ports);
  } catch (error) {
    throw explainLackOfMemory(error);
  }
}
