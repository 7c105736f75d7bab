import type { Readable } from 'node:stream';
import type { Log } from '../log.ts';
import { pipeProducer } from './pipe.ts';
import { startProgram } from './program.ts';
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
  const { directory } = source;
  const ports = { signal, onLine: (line: string) => log.info(`stderr: ${line}`) };
  if (source.kind === 'shell') {
    const args = [...BASH.flags, source.script];
    return startProgram({ file: BASH.file, args, directory, variables, sharesStdin: false }, ports);
  }
  const { file, args } = source;
  return startProgram({ file, args, directory, variables, sharesStdin: true, name: file }, ports);
}
