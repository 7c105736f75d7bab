import { COMMANDS } from '../commands/all.ts';
import { InputError } from '../errors.ts';
import { commandVariables, readEnvironment, runnerFiles } from '../github/environment.ts';
import { shown } from '../inputs/reader.ts';
import type { InputSource } from '../inputs/source.ts';
import type { Redaction } from '../redaction.ts';
import { ProblemCollector } from '../report/problems.ts';
import { conclude } from './conclusion.ts';
import { findConfigFile, profileWithoutFile, readConfigFile } from './config-file.ts';
import { type Layer, layeredInputs, leftOutNotes, sharedLayer } from './configuration.ts';
import { EXIT_CODES, exitCodeOf } from './exit-code.ts';
import { readGit } from './git.ts';
import { givenIdToken } from './id-token.ts';
import { removeListFiles } from './list-files.ts';
import { TerminalLog } from './log.ts';
import type { CommandInvocation } from './program.ts';
import type { Outcome } from './result.ts';
import { readRunInfo } from './run-info.ts';
import type { Screen } from './screen.ts';
import type { Terminal } from './terminal.ts';
import { ownVariables, variableInputs } from './variables.ts';

/** What an invocation is run at. */
export interface Place {
  readonly terminal: Terminal;
  readonly redaction: Redaction;
  readonly screen: Screen;
}

/** What a command gets out of it all. */
type Ending = Pick<Outcome, 'outputs' | 'error'>;

/** Runs a command and says how it ended. Never throws. @returns the exit code */
export async function runInvocation(invocation: CommandInvocation, place: Place): Promise<number> {
  const { command, options } = invocation;
  const { terminal, screen } = place;
  const problems = new ProblemCollector();
  const log = new TerminalLog(screen, { problems, ...options, nowMs: terminal.nowMs });
  const ending = await attempt(() => runCommandOf(invocation, place, log, problems));
  if (!options.json) await removeListFiles(ending.outputs ?? {});
  log.flush();
  const exitCode = ending.error === undefined ? EXIT_CODES.done : exitCodeOf(ending.error, terminal.signal.aborted);
  return conclude({ command: command.name, exitCode, problems: problems.list(), ...ending }, screen, options);
}

async function attempt(work: () => Promise<Ending>): Promise<Ending> {
  try {
    return await work();
  } catch (error) {
    return { error };
  }
}

async function runCommandOf(
  invocation: CommandInvocation,
  place: Place,
  log: TerminalLog,
  problems: ProblemCollector,
): Promise<Ending> {
  const { variables, directory, signal, stdin, stdinIsTerminal, userName } = place.terminal;
  const source = await readInputs(invocation, place);
  const run = await readRunInfo(variables, { git: () => readGit(directory), userName });
  const command = await COMMANDS[invocation.command.action]?.();
  if (command === undefined) throw new InputError('command', `There is no command ${shown(invocation.command.name)}.`);
  const output = { command: invocation.outputOf, hasPipe: !stdinIsTerminal };
  const inputs = command.parse(source, { ...run, workspace: directory, terminal: output });
  const { proxy, temporaryDirectory } = readEnvironment(variables);
  const getIdToken = givenIdToken(tokenPlaces(invocation, place));
  const edge = {
    log,
    problems,
    signal,
    run,
    lastingDirectory: temporaryDirectory,
    runnerFiles: runnerFiles(variables),
    producers: { variables: commandVariables(variables), stdin },
    proxy,
    getIdToken,
    onSecret: (value: string) => place.redaction.add(value),
  };
  const { runCommand } = await import(/* webpackMode: "eager" */ '../commands/run-command.ts');
  const report = await runCommand(command, inputs, edge);
  return report === undefined ? {} : { outputs: command.outputs(report), error: command.failure?.(report) };
}

function tokenPlaces({ options }: CommandInvocation, { terminal, redaction }: Place) {
  const { idToken, idTokenFile } = ownVariables(terminal.variables);
  return {
    file: options.idTokenFile ?? idTokenFile,
    token: idToken,
    onToken: (token: string) => redaction.add(token),
  };
}

async function readInputs({ command, flags, options }: CommandInvocation, place: Place): Promise<InputSource> {
  const { variables, directory, configDirectory } = place.terminal;
  const own = ownVariables(variables);
  const profile = options.profile ?? own.profile;
  const path = options.config ?? own.config ?? (await findConfigFile({ current: directory, user: configDirectory }));
  const file = await fileInputs(path, profile, place.screen);
  const layers = [variableInputs(variables), file];
  for (const note of leftOutNotes(command, flags, layers)) place.screen.note(note);
  const shared = layers.map((layer) => sharedLayer(command, layer));
  const source = layeredInputs(command, [flags, ...shared]);
  place.redaction.add(source.get('external-id'));
  return source;
}

/** Says which file it is: one that was found and not named may surprise. */
async function fileInputs(path: string | undefined, profile: string | undefined, screen: Screen): Promise<Layer> {
  if (path === undefined) {
    if (profile === undefined) return new Map();
    throw profileWithoutFile(profile);
  }
  const inputs = await readConfigFile(path, profile);
  screen.note(`Inputs from ${shown(path)}${profile === undefined ? '' : `, profile ${shown(profile)}`}`);
  return inputs;
}
