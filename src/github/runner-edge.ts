import type { Edge } from '../commands/run-command.ts';
import type { RunInfo } from '../series/model.ts';
import { commandVariables, type RunnerEnvironment, runnerFiles } from './environment.ts';
import { mask } from './mask.ts';
import { idTokenPort } from './oidc.ts';

/** What every phase of a step gives a command to work with. */
export function runnerEdge(
  environment: RunnerEnvironment,
  run: RunInfo,
): Omit<Edge, 'log' | 'problems' | 'signal' | 'onStage'> {
  return {
    run,
    lastingDirectory: environment.temporaryDirectory,
    runnerFiles: runnerFiles(),
    producers: { variables: commandVariables(), stdin: () => process.stdin },
    proxy: environment.proxy,
    getIdToken: idTokenPort(environment).getIdToken,
    onSecret: mask,
  };
}
