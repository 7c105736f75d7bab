import { resolve } from 'node:path';
import { type ActionDefinition, readAction } from './action.ts';
import {
  buildEnvironment,
  DEFAULT_RUN,
  defaultEvent,
  githubContext,
  type OidcGrant,
  type RunContext,
} from './environment.ts';
import { resolveInputs } from './inputs.ts';
import { createJobFolder, removeJobFolder } from './job-folder.ts';
import type { Wait } from './process.ts';
import { type StepHandle, type StepResult, startStep } from './step.ts';

export type { Annotation, AnnotationLevel } from './annotations.ts';
export type { OidcGrant, RunContext } from './environment.ts';
export type { OutputLine } from './process.ts';
export type { StepHandle, StepResult } from './step.ts';

/** A step of a workflow: `uses:` with everything around it. What is left out gets a plausible value. */
export interface StepOptions extends Partial<RunContext> {
  /** The `action.yml`, or the folder that holds it. */
  readonly action: string;
  /** `with:` */
  readonly inputs?: Readonly<Record<string, string>>;
  /** This job's combination of `strategy: matrix:`. */
  readonly matrix?: Readonly<Record<string, unknown>>;
  /** `env:` */
  readonly env?: Readonly<Record<string, string>>;
  /** Values of `${{ secrets.… }}` in use: masked in the log from the start. */
  readonly secrets?: readonly string[];
  /** GITHUB_WORKSPACE, and the folder that the action runs in. */
  readonly workspace: string;
  /** RUNNER_TEMP, for whoever wants to read it afterwards; by default a folder that is deleted at the end. */
  readonly temp?: string;
  /** Payload of the event (`$GITHUB_EVENT_PATH`). */
  readonly event?: object;
  /** `permissions: id-token: write`; without it there are no ID tokens. */
  readonly oidc?: OidcGrant;
  /** As if ACTIONS_STEP_DEBUG were set. */
  readonly debug?: boolean;
  /** Aborting it is cancelling the workflow. */
  readonly signal?: AbortSignal;
  /** Called with each line of the log as a reader sees it: groups, masked secrets. */
  readonly onOutput?: (line: string) => void;
  /** Path of the Node to run the action with; by default this one. */
  readonly node?: string;
  /** The clock of a cancellation; by default the real one. */
  readonly wait?: Wait;
}

/**
 * Starts the main phase of a JavaScript action as GitHub's runner does, in a process and an environment of its own.
 *
 * @throws {Error} when the action cannot be read or started; a failing action is no error, but a result
 */
export async function startAction(options: StepOptions): Promise<StepHandle> {
  const action = await readAction(options.action);
  return startScript(action, action.main, options, {});
}

/** Starts the main phase and waits for its end. */
export async function runAction(options: StepOptions): Promise<StepResult> {
  const step = await startAction(options);
  return step.done;
}

/**
 * Runs the post phase with the state that the main phase saved.
 *
 * @returns undefined when the action has no post phase
 */
export async function runPost(
  options: StepOptions,
  state: Readonly<Record<string, string>>,
): Promise<StepResult | undefined> {
  const action = await readAction(options.action);
  if (action.post === undefined) {
    return undefined;
  }
  const step = await startScript(action, action.post, options, state);
  return step.done;
}

async function startScript(
  action: ActionDefinition,
  script: string,
  options: StepOptions,
  state: Readonly<Record<string, string>>,
): Promise<StepHandle> {
  const { oidc, debug = false, env = {}, secrets = [], node = process.execPath } = options;
  const { wait, signal, onOutput } = options;
  const run: RunContext = { ...DEFAULT_RUN, ...options };
  const workspace = resolve(options.workspace);
  const folder = await createJobFolder(options.event ?? defaultEvent(run), options.temp);
  try {
    const github = githubContext(run, workspace, folder.eventPath);
    const { values: inputs, warnings } = resolveInputs(action, options.inputs ?? {}, {
      github,
      matrix: options.matrix,
    });
    const path = process.env.PATH ?? '';
    return await startStep({
      script,
      env: buildEnvironment({ github, folder, inputs, state, oidc, debug, path, env }),
      folder,
      workspace,
      secrets: oidc === undefined ? secrets : [...secrets, oidc.requestToken],
      warnings,
      debug,
      node,
      wait,
      signal,
      onOutput,
    });
  } catch (error) {
    await removeJobFolder(folder);
    throw error;
  }
}
