import type { Feature } from '../aws/iam-actions.ts';
import type { InputContext } from '../inputs/context.ts';
import type { CredentialInputs } from '../inputs/credentials.ts';
import type { InputSource } from '../inputs/source.ts';
import type { StoreInputs } from '../inputs/store.ts';
import type { Warning } from '../log.ts';
import type { CommandPorts } from './ports.ts';

/** What every command is told. */
export interface CommonInputs {
  readonly store: StoreInputs;
  readonly credentials: CredentialInputs;
  /** What is allowed but probably not meant, to be warned of. */
  readonly notes: readonly Warning[];
}

/**
 * One command, as the runner's edge and the terminal both run it: inputs in, report out. All of it but `run` is pure.
 */
export interface Command<Inputs extends CommonInputs, Report> {
  readonly name: string;
  /** @throws InputError for the first input that is refused */
  parse(source: InputSource, context: InputContext): Inputs;
  /** What the command has to be allowed to do, for the session policy. */
  features(inputs: Inputs): readonly Feature[];
  /** Requests in flight. */
  concurrency(inputs: Inputs): number;
  /** @returns undefined where there was nothing to do and nothing to report */
  run(inputs: Inputs, ports: CommandPorts): Promise<Report | undefined>;
  /** By the names of the command's action.yml. */
  outputs(report: Report): Readonly<Record<string, string>>;
  /** Markdown, at most 1 MiB. */
  summary(report: Report): string;
}
