import type { Readable } from 'node:stream';
import type { Log } from '../log.ts';
import { findProgram } from './find-program.ts';
import { pipeProducer } from './pipe.ts';
import { type ProgramCall, startProgram } from './program.ts';
import type { OutputSource, Producer } from './types.ts';

/** What a producer needs of the world. */
export interface ProducerPorts {
  /** The environment of commands. */
  readonly variables: Readonly<Record<string, string>>;
  /** What this process is given to read. */
  readonly stdin: () => Readable;
  readonly log: Pick<Log, 'info'>;
  /** Ends it. */
  readonly signal: AbortSignal;
}

/** As the runner runs a script with `shell: bash`: the first command that fails ends it, in a pipeline too. */
const BASH = { file: 'bash', flags: ['--noprofile', '--norc', '-eo', 'pipefail', '-c'] } as const;

/** Starts what writes the output. Its stderr goes to the log, line by line. */
export function startProducer(source: OutputSource, { variables, stdin, log, signal }: ProducerPorts): Producer {
  if (source.kind === 'pipe') return pipeProducer(stdin(), signal);
  return startProgram(callOf(source, variables), { signal, onLine: (line) => log.info(`stderr: ${line}`) });
}

/**
 * Looks whether what writes the output can be started; starts nothing.
 * @throws BackupError of class `local`
 */
export async function checkProducer(
  source: OutputSource,
  { variables }: Pick<ProducerPorts, 'variables'>,
): Promise<void> {
  if (source.kind !== 'pipe') await findProgram(callOf(source, variables));
}

function callOf(
  source: Exclude<OutputSource, { readonly kind: 'pipe' }>,
  variables: ProducerPorts['variables'],
): ProgramCall {
  const { directory } = source;
  if (source.kind === 'shell') {
    const args = [...BASH.flags, source.script];
    return { file: BASH.file, args, directory, variables, sharesStdin: false };
  }
  const { file, args } = source;
  return { file, args, directory, variables, sharesStdin: true, name: file };
}
