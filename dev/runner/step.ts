import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import type { Annotation } from './annotations.ts';
import { type FileCommandResults, readFileCommands } from './file-commands.ts';
import { type JobFolder, removeJobFolder } from './job-folder.ts';
import { SecretMasker } from './masks.ts';
import { type Exit, type OutputLine, RunningProcess, type Wait } from './process.ts';
import { StepLog } from './step-log.ts';

const MEMORY_REPORTER = pathToFileURL(join(import.meta.dirname, 'report-memory.mjs')).href;

/** A script with everything it needs, laid out and ready to start. */
export interface PreparedStep {
  /** Absolute path. */
  readonly script: string;
  readonly env: Readonly<Record<string, string>>;
  readonly folder: JobFolder;
  readonly workspace: string;
  /** Masked in the log from the start. */
  readonly secrets: readonly string[];
  /** What the runner has to say before the script runs. */
  readonly warnings: readonly string[];
  readonly debug: boolean;
  /** Path of the Node to run the script with. */
  readonly node: string;
  readonly wait?: Wait | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onOutput?: ((line: string) => void) | undefined;
}

export interface StepResult extends Exit {
  /** How the job goes on. Not a matter of the exit code alone: a broken output file fails a step, too. */
  readonly conclusion: 'success' | 'failure' | 'cancelled';
  /** As written by the action: secrets included. */
  readonly stdout: string;
  readonly stderr: string;
  /** As GitHub shows it: groups, annotations, secrets masked. */
  readonly log: string;
  readonly outputs: Readonly<Record<string, string>>;
  /** For the post phase. */
  readonly state: Readonly<Record<string, string>>;
  /** What the step set for the steps after it. */
  readonly exportedEnv: Readonly<Record<string, string>>;
  readonly addedPath: readonly string[];
  /** Markdown; empty when the action wrote none, or too much. */
  readonly summary: string;
  readonly summaryDropped: boolean;
  readonly annotations: readonly Annotation[];
  /** How many came after the ten of each level that are kept. */
  readonly annotationsDropped: number;
  readonly groups: readonly string[];
  /** What the action asked to mask. */
  readonly masks: readonly string[];
  readonly durationMs: number;
  /** Peak resident memory; absent when a signal ended the action. */
  readonly maxRssBytes?: number;
}

/** A step in progress. */
export interface StepHandle {
  readonly pid: number;
  /** What "Cancel workflow" does: SIGINT, 7.5 s later SIGTERM, 2.5 s later SIGKILL of the whole tree. */
  cancel(): void;
  /** Sends one signal to the action's process. */
  kill(signal: NodeJS.Signals): void;
  /** Calls back with every raw line from now on. */
  onLine(listener: (line: OutputLine) => void): void;
  /** The first raw line that fits, past or to come; rejects when the output ends without one. */
  untilLine(pattern: RegExp): Promise<OutputLine>;
  readonly done: Promise<StepResult>;
}

/** @throws {Error} when the process cannot be started */
export async function startStep(step: PreparedStep): Promise<StepHandle> {
  const masker = maskerOf(step.secrets);
  const log = new StepLog({ workspace: step.workspace, masker, debug: step.debug, onLine: step.onOutput });
  for (const warning of step.warnings) {
    log.report('warning', warning);
  }
  const startedAt = performance.now();
  const running = await launch(step, ({ text }) => log.accept(text));
  const cancellation = cancelOn(step, running);
  const finish = async (): Promise<StepResult> => {
    const exit = await running.done;
    const durationMs = performance.now() - startedAt;
    const files = await readFileCommands(step.folder.fileCommands, masker);
    reportFileErrors(log, files);
    return {
      ...exit,
      conclusion: conclude(exit, log, cancellation),
      stdout: await running.stdout,
      stderr: await running.stderr,
      ...resultsOf(log, files),
      durationMs,
      ...(await readPeakMemory(step.folder.memoryReport)),
    };
  };
  return {
    pid: running.pid,
    cancel: cancellation.cancel,
    kill: (signal) => running.kill(signal),
    onLine: (listener) => running.onLine(listener),
    untilLine: (pattern) => running.untilLine(pattern),
    done: finish().finally(() => removeJobFolder(step.folder)),
  };
}

function maskerOf(secrets: readonly string[]): SecretMasker {
  const masker = new SecretMasker();
  for (const secret of secrets) {
    masker.add(secret);
  }
  return masker;
}

function launch(step: PreparedStep, onLine: (line: OutputLine) => void): Promise<RunningProcess> {
  const reporter = `${MEMORY_REPORTER}?to=${encodeURIComponent(step.folder.memoryReport)}`;
  const args = ['--import', reporter, step.script];
  return RunningProcess.start({ file: step.node, args, cwd: step.workspace, env: step.env }, onLine);
}

interface Cancellation {
  readonly requested: boolean;
  cancel(): void;
}

function cancelOn({ signal, wait = realWait }: PreparedStep, running: RunningProcess): Cancellation {
  const cancellation = {
    requested: false,
    cancel: () => {
      if (!cancellation.requested) {
        cancellation.requested = true;
        void running.cancel(wait);
      }
    },
  };
  if (signal?.aborted === true) {
    cancellation.cancel();
  }
  signal?.addEventListener('abort', cancellation.cancel, { once: true });
  return cancellation;
}

function conclude(exit: Exit, log: StepLog, { requested }: Cancellation): StepResult['conclusion'] {
  if (requested) {
    return 'cancelled';
  }
  return exit.exitCode === 0 && !log.failed ? 'success' : 'failure';
}

/** Of no account to the event loop, which the action's process keeps going as long as there is something to wait for. */
const realWait: Wait = (milliseconds) => sleep(milliseconds, undefined, { ref: false });

function reportFileErrors(log: StepLog, files: FileCommandResults): void {
  for (const error of [...files.fatal, ...files.errors]) {
    log.report('error', error);
  }
  log.failed ||= files.fatal.length > 0;
}

function resultsOf(log: StepLog, files: FileCommandResults) {
  return {
    log: log.text(),
    outputs: Object.fromEntries([...log.outputs, ...files.outputs]),
    state: Object.fromEntries([...log.state, ...files.state]),
    exportedEnv: Object.fromEntries(files.env),
    addedPath: files.path,
    summary: files.summary,
    summaryDropped: files.summaryDropped,
    annotations: log.annotations.kept,
    annotationsDropped: log.annotations.dropped,
    groups: log.groups,
    masks: log.masks,
  };
}

async function readPeakMemory(report: string): Promise<{ maxRssBytes?: number }> {
  try {
    return { maxRssBytes: Number(await readFile(report, 'utf8')) };
  } catch {
    return {}; // a process that a signal ended writes none
  }
}
