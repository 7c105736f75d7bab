import type { Feature } from '../aws/iam-actions.ts';
import type { BackupError } from '../errors.ts';
import type { AccessInputs } from '../inputs/access.ts';
import type { InputContext } from '../inputs/context.ts';
import type { InputSource } from '../inputs/source.ts';
import type { CommandPorts } from './ports.ts';

/**
 * One command, as the runner's edge and the terminal both run it: inputs in, report out. All of it but `run` is pure.
 */
export interface Command<Inputs extends AccessInputs, Report> {
  readonly name: string;
  /** @throws InputError for the first input that is refused */
  parse(source: InputSource, context: InputContext): Inputs;
  /** What the command has to be allowed to do, for the session policy. */
  features(inputs: Inputs): readonly Feature[];
  /** Requests in flight. */
  concurrency(inputs: Inputs): number;
  /** @returns undefined where there was nothing to do and nothing to report */
  run(inputs: Inputs, ports: CommandPorts): Promise<Report | undefined>;
  /** As the command's action.yml declares them. */
  readonly outputNames: readonly string[];
  /** A text for each of {@link outputNames}. */
  outputs(report: Report): Readonly<Record<string, string>>;
  /** Markdown, at most 1 MiB. */
  summary(report: Report): string;
  /** Why the command failed though there is a report, which is published first. Absent: a report means success. */
  failure?(report: Report): BackupError | undefined;
}
